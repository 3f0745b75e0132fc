"""How attributes are found in their wire form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer.attribute.compressed import CompressedBag, Words
from mixer.attribute.dictionary import GLOBAL_INDEX, GLOBAL_WORDS
from mixer.attribute.eager import decode_all
from mixer.attribute.value import Duration, Timestamp
from mixer.errors import RequestError
from protos.mixer.v1 import attributes_pb2, lazy_pb2

_NAME = GLOBAL_INDEX["source.name"]
_HEADERS = GLOBAL_INDEX["request.headers"]


def _message(words=(), **maps):
    """A set of attributes, as the maps of its message."""
    message = attributes_pb2.CompressedAttributes(words=words)
    for field, values in maps.items():
        target = getattr(message, field)
        for index, value in values.items():
            if field in {"timestamps", "durations"}:
                target[index].seconds, target[index].nanos = value
            elif field == "string_maps":
                target[index].entries.update(value)
            else:
                target[index] = value
    return message


def _lazy(message):
    return lazy_pb2.CompressedAttributes.FromString(message.SerializeToString())


def _bag(words=(), **maps):
    message = _lazy(_message(words, **maps))
    return CompressedBag(message, Words(list(message.words)))


def test_every_wire_type_is_decoded():
    index = GLOBAL_INDEX
    bag = _bag(
        ["a", "my.rate"],
        strings={_NAME: -1},
        int64s={index["request.size"]: -5},
        doubles={-2: 1.5},
        bools={index["connection.mtls"]: True},
        timestamps={index["request.time"]: (1, 5)},
        durations={index["response.duration"]: (-1, -5)},
        bytes={index["source.ip"]: b"\x0a\0\0\1"},
        string_maps={_HEADERS: {-1: index["GET"]}},
    )
    assert bag["source.name"] == "a"
    assert bag["request.size"] == -5
    assert bag["my.rate"] == 1.5
    assert bag["connection.mtls"] is True
    assert (bag["request.time"], type(bag["request.time"])) == (1_000_000_005, Timestamp)
    assert (bag["response.duration"], type(bag["response.duration"])) == (-1_000_000_005, Duration)
    assert bag["source.ip"] == b"\x0a\0\0\1"
    assert bag["request.headers"].entries == {"a": "GET"}


def test_a_name_in_both_lists_is_found_by_the_message_index_only():
    by_message = _bag(["source.name", "v"], strings={-1: -2})
    by_global = _bag(["source.name", "v"], strings={_NAME: -2})
    assert (by_message["source.name"], by_global["source.name"]) == ("v", None)


def test_of_a_word_that_stands_twice_the_last_counts():
    words = ["my.name", "my.name", "v"]
    assert _bag(words, strings={-2: -3})["my.name"] == "v"
    assert _bag(words, strings={-1: -3})["my.name"] is None


def test_a_name_in_two_maps_is_taken_from_the_first():
    bag = _bag(["v"], strings={_NAME: -1}, int64s={_NAME: 7})
    assert bag["source.name"] == "v"
    later = _bag(int64s={_NAME: 7}, bytes={_NAME: b"x"}, timestamps={_NAME: (1, 0)})
    assert later["source.name"] == 7


@pytest.mark.parametrize(
    "maps",
    [
        {"strings": {_NAME: 5000}},
        {"strings": {_NAME: -2}},
        {"strings": {_NAME: len(GLOBAL_WORDS)}},
        {"string_maps": {_NAME: {-1: -1, -9: -1}}},
        {"string_maps": {_NAME: {-1: 5000}}},
    ],
)
def test_an_index_that_points_nowhere_makes_the_attribute_absent(maps):
    bag = _bag(["v"], **maps)
    assert bag.read("source.name") is None
    assert bag.references == (("source.name", None, False),)


def test_bad_attributes_that_are_not_read_do_no_harm():
    assert _bag(["v"], strings={_NAME: -1, 5000: 5000, 18: -7})["source.name"] == "v"


def test_a_name_that_nobody_wrote_down_is_absent():
    assert _bag()["no.such"] is None


@pytest.mark.parametrize(
    "times",
    [
        {"timestamps": {24: (0, 1_000_000_000)}},
        {"timestamps": {24: (0, -1)}},
        {"timestamps": {24: (253_402_300_800, 0)}},
        {"timestamps": {24: (-62_135_596_801, 0)}},
        {"durations": {29: (0, 1_000_000_000)}},
        {"durations": {29: (1, -1)}},
        {"durations": {29: (9_223_372_037, 0)}},  # more nanoseconds than 64 bits hold
    ],
)
def test_a_time_out_of_range_spoils_the_message_even_unread(times):
    with pytest.raises(RequestError, match="out of range"):
        _bag(**times)


def test_entries_are_decoded_in_any_form_that_protobuf_allows():
    # Fields in the other order, a field left at its default, a length in two bytes.
    entries = [b"\x10\x01\x08\x04", b"\x10\x01", b"\x08\x84\x00\x10\x01"]
    message = lazy_pb2.CompressedAttributes(words=["v"], strings=entries)
    bag = CompressedBag(message, Words(["v"]))
    assert (bag["source.name"], bag["source.ip"]) == ("v", "v")


def test_the_same_bytes_mean_the_words_of_their_own_message():
    maps = {"strings": {_NAME: -2}, "string_maps": {_HEADERS: {GLOBAL_INDEX["GET"]: -2}}}
    bags = [_bag(words, **maps) for words in (["a", "b"], ["c", "d", "e"], ["f"])]
    assert [bag["source.name"] for bag in bags] == ["b", "d", None]
    headers = [bag["request.headers"] for bag in bags]
    assert [entries.find("GET") for entries in headers[:2]] == ["b", "d"]
    assert headers[2] is None


def test_of_entries_for_one_name_the_last_counts():
    word, nowhere = b"\x08\x04\x10\x01", b"\x08\x04\x10\x09"
    for entries, wanted in (([nowhere, word], "v"), ([word, nowhere], None)):
        message = lazy_pb2.CompressedAttributes(words=["v"], strings=entries)
        assert CompressedBag(message, Words(["v"]))["source.name"] == wanted


def test_decoding_at_once_tells_every_bad_index_and_goes_on():
    attributes = {}
    message = _message(["v"], strings={_NAME: -9, 16: -1}, int64s={900: 3})
    errors = decode_all(message, Words(list(message.words)), attributes)
    assert sorted(errors) == [
        "attribute index -9 is not defined in the available dictionaries",
        "attribute index 900 is not defined in the available dictionaries",
    ]
    assert attributes == {"source.name": "", "request.id": "v", "": 3}


def test_decoding_at_once_stops_at_a_name_in_two_maps():
    attributes = {}
    message = _message(["v"], strings={_NAME: -1}, int64s={_NAME: 3}, bools={16: True})
    errors = decode_all(message, Words(list(message.words)), attributes)
    assert errors == ["duplicate attribute source.name"]
    assert attributes == {"source.name": "v"}


@given(st.binary(max_size=200))
def test_random_entries_never_break_a_bag(data):
    message = lazy_pb2.CompressedAttributes()
    try:
        message.MergeFromString(data)
        bag = CompressedBag(message, Words(list(message.words)))
    except Exception as error:
        assert type(error).__name__ in {"DecodeError", "RequestError"}  # noqa: PT017
        return
    for name in ("source.name", "request.headers", "x"):
        _ = bag[name]


_WORDS = ["a", "b", "GET", "c"]
_INDEX = st.integers(-4, 5) | st.sampled_from([GLOBAL_INDEX["GET"], 221])


@given(st.dictionaries(_INDEX, _INDEX, max_size=6))
def test_single_entries_are_those_of_the_whole_map(entries):
    headers = _bag(_WORDS, string_maps={_HEADERS: entries})["request.headers"]
    known = {_WORDS[~key] if key < 0 else GLOBAL_WORDS[key] for key in entries}
    assert headers.entries.keys() == known
    if len(known) == len(entries):  # else two entries have one key, and either will do
        assert {key: headers.find(key) for key in known} == headers.entries
    assert headers.find("no such key") is None
