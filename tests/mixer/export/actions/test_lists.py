"""Lists have in them what the adapter's have."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.listchecker import EntryType, content
from mixer.export.actions.lists import make_list
from mixer.export.interpret.look_up import is_listed
from mixer.export.lower import lower_table, lowered
from mixer.export.pool import Pool
from mixer.expr.runtime.text import to_lower

TRICKY = st.text(st.sampled_from("aAsSkKßẞſ\u212aéÉﬁﬀiİıΣσςŉ"), max_size=4)
ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=4)


@given(st.lists(TRICKY | ANY, max_size=3), st.lists(TRICKY | ANY, max_size=5))
def test_case_does_not_count_for_the_same_values(entries, values):
    pool = Pool()
    ours = make_list(pool, EntryType.CASE_INSENSITIVE_STRINGS, tuple(entries))
    theirs = content.make(EntryType.CASE_INSENSITIVE_STRINGS, entries)

    found = [is_listed(ours, value, pool.automata) for value in [*entries, *values]]

    assert found == [theirs.contains(value) for value in [*entries, *values]]


def test_only_the_foldings_that_matter_are_in_a_list():
    assert make_list(Pool(), EntryType.CASE_INSENSITIVE_STRINGS, ("Shop",)) == {
        "kind": "folded",
        "entries": ["shop"],
        "fold": {"ß": "ss", "ſ": "s", "ẞ": "ss"},
    }


NETWORKS = ("10.0.0.0/8", "::1", "2001:db8::/32", "::ffff:192.168.0.0/112", "::ffff:0:0/90")
ADDRESSES = ["10.1.2.3", "::ffff:10.1.2.3", "11.0.0.1", "::1", "::2", "2001:db8:1::", "192.168.1.1"]
NO_ADDRESSES = ["", "10.0.0.01", "10.0.0.0/8", "::1%eth0", "x", "1:2:3:4::5:6:7:8", " ::1"]


@pytest.mark.parametrize("value", ADDRESSES)
def test_addresses_are_in_the_same_networks(value):
    ours = make_list(Pool(), EntryType.IP_ADDRESSES, NETWORKS)
    theirs = content.make(EntryType.IP_ADDRESSES, NETWORKS)

    assert is_listed(ours, value, []) is theirs.contains(value)


@pytest.mark.parametrize("value", [*NO_ADDRESSES, b"", b"abc"])
def test_what_is_no_address_can_not_be_in_networks(value):
    theirs = content.make(EntryType.IP_ADDRESSES, NETWORKS)

    assert is_listed(make_list(Pool(), EntryType.IP_ADDRESSES, NETWORKS), value, []) is None
    with pytest.raises(ValueError, match="address"):
        theirs.contains(value)


@given(TRICKY | ANY)
def test_the_table_makes_lower_case(text):
    assert lowered(lower_table(), text) == to_lower(text)


def test_the_table_is_short():
    assert len(lower_table()) < 200
