import threading

import pytest

from mixer.attribute.compressed import CompressedBag, Words
from mixer.attribute.dictionary import GLOBAL_WORDS
from mixer.attribute.value import Duration, Timestamp
from mixer.status import Code
from protos.mixer.v1.attributes_pb2 import CompressedAttributes, StringMap
from protos.mixer.v1.lazy_pb2 import ReportRequest as LazyReportRequest
from protos.mixer.v1.mixer_pb2 import CheckRequest, ReportRequest
from proxy_client.compression import OLDEST_WORD_COUNT, Compressor
from proxy_client.transport import RefusedError, UnreachableError

NS_PER_S = 10**9
EVERY_TYPE = {
    "source.name": "connection.received.bytes_total",
    "source.ip": b"text/html; charset=utf-8",
    "range": 99.9,
    "source.port": 35,
    "keep-alive": True,
    "response.time": Timestamp(1_000_000_000),
    "response.duration": Duration(5 * NS_PER_S + 7),
    "request.headers": {"content-type": "application/json", "authorization": "JWT-Token"},
}
INCONSISTENT = RefusedError(
    Code.INTERNAL,
    "inconsistent global dictionary versions used: mixer knows 221 words, caller knows 222",
)
INVALID = RefusedError(
    Code.INVALID_ARGUMENT, "Request could not be processed due to invalid attributes."
)


def decoded(request):
    """What a server reads in a Report."""
    message = LazyReportRequest.FromString(request.SerializeToString())
    words = Words(list(message.default_words))
    names = [*GLOBAL_WORDS, *message.default_words]
    bags = [CompressedBag(bag, words) for bag in message.attributes]
    found = [{name: bag[name] for name in names if bag[name] is not None} for bag in bags]
    return [
        {name: getattr(value, "entries", value) for name, value in bag.items()} for bag in found
    ]


# AC1
def test_a_bag_of_all_types_needs_one_word_of_its_own():
    request = Compressor().check_request(EVERY_TYPE)

    expected = CompressedAttributes(
        words=["JWT-Token"],
        strings={2: 127},
        bytes={0: b"text/html; charset=utf-8"},
        doubles={78: 99.9},
        int64s={1: 35},
        bools={71: True},
        string_maps={15: StringMap(entries={50: -1, 58: 104})},
    )
    expected.timestamps[28].seconds = 1
    expected.durations[29].seconds = 5
    expected.durations[29].nanos = 7
    assert request == CheckRequest(attributes=expected, global_word_count=222)


# AC2: no delta, one list of words for the batch, and the request says so.
def test_each_bag_of_a_batch_is_complete_and_they_share_their_words():
    first = {"source.name": "JWT-Token", "source.port": 35}
    second = {"source.name": "JWT-Token", "source.port": 5, "keep-alive": False}
    third = {"source.name": "JWT-Token", "source.port": 5}

    request = Compressor().report_request([first, second, third])

    assert request == ReportRequest(
        attributes=[
            CompressedAttributes(strings={2: -1}, int64s={1: 35}),
            CompressedAttributes(strings={2: -1}, int64s={1: 5}, bools={71: False}),
            CompressedAttributes(strings={2: -1}, int64s={1: 5}),
        ],
        default_words=["JWT-Token"],
        global_word_count=222,
        repeated_attributes_semantics=ReportRequest.INDEPENDENT_ENCODING,
    )
    assert decoded(request) == [first, second, third]


def test_a_server_reads_what_was_sent_when_the_dictionary_is_small():
    compressor = Compressor(OLDEST_WORD_COUNT)

    assert decoded(compressor.report_request([EVERY_TYPE])) == [EVERY_TYPE]


def test_a_batch_begins_with_no_words_of_the_one_before():
    compressor = Compressor()
    compressor.report_request([{"source.name": "a"}])

    assert compressor.report_request([{"source.name": "b"}]).default_words == ["b"]


# The original took these words over with the quotes of a YAML file.
@pytest.mark.parametrize(
    ("word", "index"),
    [
        ("'200'", 94),
        ("'0'", 111),
        ("'1'", 112),
        ('"-"', 218),
        ("0", 134),
        ("1", 135),
        ("200", 136),
        ("-", -1),
    ],
)
def test_words_with_quotes_are_others_than_those_without(word, index):
    request = Compressor().check_request({"source.name": word})

    assert request.attributes.strings == {2: index}


def test_a_bag_without_attributes_is_sent():
    assert Compressor().check_request({}).HasField("attributes")
    assert len(Compressor().report_request([{}, {}]).attributes) == 2


def test_an_old_server_gets_only_words_that_every_server_knows():
    compressor = Compressor()

    assert compressor.shrink(INVALID, 222)

    # The last word that all know, and the first that not all know.
    request = compressor.check_request({"source.name": GLOBAL_WORDS[110], "tcp": GLOBAL_WORDS[111]})
    assert request == CheckRequest(
        attributes=CompressedAttributes(words=["'0'", "tcp"], strings={2: 110, -2: -1}),
        global_word_count=111,
    )


# Mixer 1.x says so; the original understood it as any other failure, and never recovered.
def test_a_server_that_says_how_many_words_it_knows_gets_that_many():
    compressor = Compressor()

    assert compressor.shrink(INCONSISTENT, 222)

    request = compressor.check_request({"context.proxy_version": "outbound"})
    assert request.global_word_count == 221
    assert request.attributes.words == ["context.proxy_version"]
    assert request.attributes.strings == {-1: 220}


def test_a_request_refused_with_as_few_words_is_not_worth_another_try():
    compressor = Compressor()

    assert compressor.shrink(INCONSISTENT, 222)
    assert not compressor.shrink(INCONSISTENT, 221)
    assert compressor.shrink(INVALID, 221)
    assert not compressor.shrink(INVALID, 111)


def test_the_dictionary_never_grows_again():
    compressor = Compressor()
    compressor.shrink(INVALID, 222)

    # A request that was under way when the dictionary shrank is still worth another try.
    assert compressor.shrink(INCONSISTENT, 222)
    assert compressor.word_count == 111


@pytest.mark.parametrize(
    "error",
    [
        RefusedError(Code.INTERNAL, "the adapter is broken"),
        RefusedError(Code.INTERNAL, "inconsistent global dictionary versions used: who knows"),
        RefusedError(Code.UNKNOWN, INCONSISTENT.details),
        RefusedError(Code.INVALID_ARGUMENT, "no such quota"),
        # What Mixer 1.x says of a set with a bad index: fewer words would not mend it.
        RefusedError(Code.UNKNOWN, "request could not be processed due to invalid attributes"),
        UnreachableError(Code.UNAVAILABLE, INCONSISTENT.details),
        RefusedError(
            Code.INTERNAL,
            "inconsistent global dictionary versions used: mixer knows 999 words, caller knows 222",
        ),
    ],
    ids=str,
)
def test_other_failures_leave_the_dictionary_as_it_is(error):
    compressor = Compressor()

    assert not compressor.shrink(error, 222)
    assert compressor.word_count == 222


def test_each_request_names_the_count_of_words_that_it_uses_while_others_shrink_it():
    compressor = Compressor()
    requests = []

    def compress():
        requests.extend(
            compressor.check_request({"context.proxy_version": "1"}) for _ in range(200)
        )

    threads = [threading.Thread(target=compress) for _ in range(3)]
    for thread in threads:
        thread.start()
    compressor.shrink(INCONSISTENT, 222)
    compressor.shrink(INVALID, 221)
    for thread in threads:
        thread.join()

    assert {(request.global_word_count, *request.attributes.words) for request in requests} <= {
        (222,),
        (221, "context.proxy_version"),
        (111, "1", "context.proxy_version"),
    }
    assert compressor.word_count == 111
