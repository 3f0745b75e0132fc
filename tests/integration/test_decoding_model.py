"""Attributes as the front door reads them, against the rules of the protocol written out plainly.

The rules are those of protocol.md 3.1; the reader under test takes many short cuts to the same end.
"""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mixer.api import mixer_v1
from mixer.attribute.bag import StringMap
from mixer.attribute.dictionary import GLOBAL_INDEX, GLOBAL_WORDS
from mixer.attribute.value import Duration, Timestamp
from mixer.dispatch.verdict import CheckVerdict
from protos.mixer.v1 import mixer_pb2
from protos.mixer.v1.attributes_pb2 import CompressedAttributes

WORDS = ("a", "b", GLOBAL_WORDS[1], GLOBAL_WORDS[2], "")
NAMES = (*WORDS, GLOBAL_WORDS[0], GLOBAL_WORDS[3], GLOBAL_WORDS[-1], "nowhere")
INDICES = st.integers(-5, 4) | st.sampled_from([221, 222, -(2**31), 2**31 - 1])


class Capture:
    """Stands where the dispatcher does, and keeps the bags that come in."""

    def __init__(self):
        self.bags = []

    def check(self, bag, _quotas, _deduplication_id):
        """Lets everything pass."""
        self.bags.append(bag)
        return CheckVerdict()

    def report(self, bags):
        """Keeps what the bags hold, for a bag is good until the next one comes."""
        self.bags += [{name: plain(bag[name]) for name in NAMES} for bag in bags]


def plain(value):
    """A value that can be compared: class and content."""
    if isinstance(value, StringMap):
        singly = {key: value.find(key) for key in NAMES}
        entries = dict(value.entries)
        assert singly == {key: entries.get(key) for key in NAMES}
        return dict, entries
    if isinstance(value, dict):
        return dict, value
    if isinstance(value, float) and math.isnan(value):
        return float, "nan"
    return type(value), value


def word(index, own):
    """The word of an index; None for one that points nowhere."""
    if index >= 0:
        return GLOBAL_WORDS[index] if index < len(GLOBAL_WORDS) else None
    return own[~index] if ~index < len(own) else None


def looked_up(message, own, name):
    """The value of an attribute by the rules, or None."""
    slots = {spelt: ~slot for slot, spelt in enumerate(own)}  # of equal words, the last counts
    index = slots.get(name, GLOBAL_INDEX.get(name))
    if index is None:
        return None
    if index in message.strings:
        return word(message.strings[index], own)
    if index in message.string_maps:
        entries = message.string_maps[index].entries
        read = [(word(key, own), word(value, own)) for key, value in entries.items()]
        is_good = all(None not in pair for pair in read)
        # Two spellings of one key: which of them counts is left open.
        assume(len({key for key, _ in read}) == len(read))
        return dict(read) if is_good else None
    for field in ("int64s", "doubles", "bools"):
        values = getattr(message, field)
        if index in values:
            return values[index]
    if index in message.timestamps:
        return Timestamp(message.timestamps[index].ToNanoseconds())
    if index in message.durations:
        return Duration(message.durations[index].ToNanoseconds())
    return message.bytes.get(index)


def expected(message, own):
    return {name: plain(looked_up(message, own, name)) for name in NAMES}


@st.composite
def messages(draw):
    """A set of attributes with all kinds of indices, good and bad."""
    message = CompressedAttributes(words=draw(st.lists(st.sampled_from(WORDS), max_size=4)))

    def some(values):
        return draw(st.dictionaries(INDICES, values, max_size=3)).items()

    for index, value in some(INDICES):
        message.strings[index] = value
    for index, value in some(st.integers(-3, 3)):
        message.int64s[index] = value
    for index, value in some(st.floats()):
        message.doubles[index] = value
    for index, value in some(st.booleans()):
        message.bools[index] = value
    for index, value in some(st.binary(max_size=4)):
        message.bytes[index] = value
    for index, value in some(st.integers(-(10**9), 10**9)):
        message.timestamps[index].FromNanoseconds(value)
    for index, value in some(st.integers(-(10**9), 10**9)):
        message.durations[index].FromNanoseconds(value)
    for index, entries in some(st.dictionaries(INDICES, INDICES, max_size=2)):
        message.string_maps[index].entries.update(entries)
    return message


@given(message=messages(), order=st.permutations(NAMES))
def test_a_check_reads_attributes_by_the_rules_in_any_order(message, order):
    capture = Capture()
    request = mixer_pb2.CheckRequest(attributes=message)

    mixer_v1.check(request.SerializeToString(), capture)

    (bag,) = capture.bags
    found = {name: plain(bag[name]) for name in order}
    assert found == expected(message, list(message.words))


@given(sets=st.lists(messages(), max_size=3), default=st.lists(st.sampled_from(WORDS), max_size=3))
def test_so_does_an_independent_report(sets, default):
    capture = Capture()
    request = mixer_pb2.ReportRequest(
        attributes=sets, default_words=default, repeated_attributes_semantics=1
    )

    mixer_v1.report(request.SerializeToString(), capture)

    assert capture.bags == [expected(one, list(one.words or default)) for one in sets]


@pytest.mark.parametrize("repeated", [b"\x12\x04\x08\x04\x10\x06", b"\x12\x02\x08\x04"])
def test_an_entry_that_stands_twice_counts_as_it_stood_last(repeated):
    first = b"\x12\x04\x08\x04\x10\x02"  # source.name: the global word 1
    data = first + repeated
    capture = Capture()

    mixer_v1.check(b"\x0a" + bytes([len(data)]) + data, capture)

    message = CompressedAttributes.FromString(data)
    assert capture.bags[0]["source.name"] == word(message.strings[2], [])
