import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer.attribute.bag import StringMap
from mixer.attribute.compressed import CompressedBag, Words
from mixer.attribute.compressed_encode import encode
from mixer.attribute.dictionary import GLOBAL_WORDS
from mixer.attribute.value import Duration, Timestamp
from protos.mixer.v1.attributes_pb2 import CompressedAttributes
from protos.mixer.v1.lazy_pb2 import CompressedAttributes as LazyAttributes

INT64 = st.integers(-(1 << 63), (1 << 63) - 1)
WORD = st.one_of(st.sampled_from(GLOBAL_WORDS), st.text(max_size=8))
VALUE = st.one_of(
    WORD,
    INT64,
    st.floats(allow_nan=False),
    st.booleans(),
    st.binary(max_size=16),
    st.dictionaries(WORD, WORD, max_size=4),
    INT64.map(Duration),
    # The years 1 to 9999, as the protocol allows.
    st.integers(-62_135_596_800 * 10**9, 253_402_300_800 * 10**9 - 1).map(Timestamp),
)


def decoded(attributes):
    data = encode(attributes).SerializeToString()
    message = LazyAttributes.FromString(data)
    bag = CompressedBag(message, Words(list(message.words)))
    values = {name: bag[name] for name in attributes}
    return {
        name: value.entries if isinstance(value, StringMap) else value
        for name, value in values.items()
    }


@given(st.dictionaries(WORD, VALUE, max_size=8))
def test_decoding_gives_what_was_encoded(attributes):
    values = decoded(attributes)

    assert values == attributes
    assert {name: type(value) for name, value in values.items()} == {
        name: type(value) for name, value in attributes.items()
    }


def test_global_words_are_indices_and_other_words_take_slots_in_order_of_use():
    message = encode({"source.name": "reviews", "mine": "reviews", "request.method": "GET"})

    assert message == CompressedAttributes(
        words=["reviews", "mine"],
        strings={
            2: -1,  # source.name = the first own word
            -2: -1,  # mine = the same word again
            19: 90,  # request.method = GET
        },
    )


def test_words_above_the_count_that_the_server_knows_take_slots():
    message = encode({"source.ip": b"\x0a\0\0\1", "source.port": 80}, global_word_count=1)

    assert message == CompressedAttributes(
        words=["source.port"], bytes={0: b"\x0a\0\0\1"}, int64s={-1: 80}
    )


def test_a_bool_is_no_integer():
    assert encode({"source.port": True}) == CompressedAttributes(bools={1: True})


def test_the_nanos_of_a_negative_duration_are_negative():
    message = encode({"response.duration": Duration(-1_500_000_000)})

    assert (message.durations[29].seconds, message.durations[29].nanos) == (-1, -500_000_000)


def test_an_empty_map_is_present():
    assert list(encode({"request.headers": {}}).string_maps) == [15]


def test_a_value_of_no_attribute_type_is_refused():
    with pytest.raises(TypeError, match=r"attribute a: list is no attribute type"):
        encode({"a": ["x"]})
