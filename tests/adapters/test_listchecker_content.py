"""Reading lists, and looking into them."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.listchecker.content import EntryType, make, read

STRINGS, IPS, REGEX = EntryType.STRINGS, EntryType.IP_ADDRESSES, EntryType.REGEX


@pytest.mark.parametrize(
    ("entry_type", "body", "entries"),
    [
        (STRINGS, b"a\nb", ["a", "b"]),
        (STRINGS, b"a\nb\n", ["a", "b"]),  # the empty text is in no list
        (STRINGS, b"a\r\nb\r\n", ["a", "b"]),
        (STRINGS, b" a \n\n\tb", [" a ", "\tb"]),  # nothing else is trimmed
        (STRINGS, b"", []),
        (STRINGS, b"\xef\xbb\xbfa\n", ["a"]),  # a byte order mark is no part of an entry
        (STRINGS, "größe\n".encode(), ["größe"]),
        (REGEX, b"^/a\n\n^/b\n", ["^/a", "^/b"]),
        (IPS, b"whitelist:\n- 10.0.0.0/8\n- ::1\n- 2001:db8::7\n", ["10.0.0.0/8", "::1", "2001:db8::7"]),
        (IPS, b"whitelist: []", []),
        (IPS, b"whitelist:\n", []),
        (IPS, b"whitelist: !!python/object/apply:os.getpid [x]", ["x"]),  # tags do nothing
        (IPS, b"other: [1]\nwhitelist: [10.0.0.1]", ["10.0.0.1"]),
    ],
)  # fmt: skip
def test_a_body_holds_entries(entry_type, body, entries):
    assert read(entry_type, body) == entries


@pytest.mark.parametrize(
    ("entry_type", "body", "message"),
    [
        (STRINGS, b"\xff\xfe", "'utf-8' codec can't decode"),
        (IPS, b"<html>", "no YAML document with the key `whitelist`"),
        (IPS, b"", "no YAML document with the key `whitelist`"),
        (IPS, b"blacklist: [10.0.0.1]", "no YAML document with the key `whitelist`"),
        (IPS, b"whitelist: 10.0.0.1", "`whitelist` is no list of texts"),
        (IPS, b"whitelist: [[10.0.0.1]]", "`whitelist` is no list of texts"),
        (IPS, b"whitelist: [", "no YAML:"),
    ],
)
def test_a_body_that_is_no_list_is_refused(entry_type, body, message):
    with pytest.raises(ValueError) as caught:
        read(entry_type, body)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("entry", "inside", "outside"),
    [
        ("10.0.0.0/8", ["10.0.0.0", "10.255.255.255", "::ffff:10.1.2.3"], ["11.0.0.0", "::10.0.0.0"]),
        ("10.1.2.3/8", ["10.9.9.9"], ["11.1.2.3"]),  # the host's bits do not count
        ("10.0.0.1", ["10.0.0.1"], ["10.0.0.2"]),
        ("0.0.0.0/0", ["0.0.0.0", "255.255.255.255"], ["::", "2001:db8::1"]),
        ("::/0", ["::", "2001:db8::1"], ["10.0.0.1"]),  # as in Go: the families stay apart
        ("2001:db8::1", ["2001:db8::1"], ["2001:db8::2"]),  # a bare address is that address alone
        ("2001:db8::/127", ["2001:db8::", "2001:db8::1"], ["2001:db8::2"]),
        ("::ffff:10.0.0.0/104", ["10.1.1.1"], ["11.0.0.1"]),  # is 10.0.0.0/8
    ],
)  # fmt: skip
def test_an_address_is_in_a_network(entry, inside, outside):
    entries = make(IPS, (entry,))
    packed = {text: ipaddress.ip_address(text).packed for text in (*inside, *outside)}
    assert [text for text in packed if entries.contains(text)] == inside
    assert [text for text, address in packed.items() if entries.contains(address)] == inside


@pytest.mark.parametrize(
    "text",
    ["", "10.0.0", "10.0.0.256", "010.0.0.1", "10.0.0.1 ", "fe80::1%eth0", "::g", "1\0", "é", "10.0.0.0/8"],
)  # fmt: skip
def test_a_text_that_is_no_address_cannot_be_in_a_list_of_addresses(text):
    with pytest.raises(ValueError, match="is no IP address"):
        make(IPS, ("10.0.0.0/8",)).contains(text)


@pytest.mark.parametrize(
    "entry",
    ["", "x", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/255.0.0.0", "::/129", "10.0.0.0/٨"],
)  # fmt: skip
def test_what_is_no_network_cannot_be_an_entry(entry):
    with pytest.raises(ValueError, match="is no"):
        make(IPS, (entry,))


networks = st.lists(
    st.ip_addresses(network="10.0.0.0/28").flatmap(
        lambda address: st.integers(24, 32).map(lambda length: f"{address}/{length}")
    ),
    max_size=4,
)


@given(networks=networks, address=st.ip_addresses(network="10.0.0.0/23"))
def test_a_list_of_networks_holds_what_any_of_them_holds(networks, address):
    wanted = any(address in ipaddress.ip_network(each, strict=False) for each in networks)
    assert make(IPS, networks).contains(address.packed) is wanted


def test_patterns_may_share_group_names_and_match_any_unicode():
    entries = make(REGEX, (r"(?P<id>\d+)$", r"^(?P<id>ü.)"))
    assert [entries.contains(text) for text in ("x7", "üé", "7x", "")] == [True, True, False, False]


def test_no_patterns_match_nothing():
    assert make(REGEX, ()).contains("x") is False


def test_patterns_beyond_all_measure_are_refused():
    with pytest.raises(ValueError, match="too many or too large"):
        make(REGEX, tuple(rf"{n}\pL{{300}}" for n in range(12)))


def test_case_is_folded_beyond_ascii():
    entries = make(EntryType.CASE_INSENSITIVE_STRINGS, ("STRASSE", "ÉCOLE"))
    assert [entries.contains(text) for text in ("straße", "école", "ecole")] == [True, True, False]
