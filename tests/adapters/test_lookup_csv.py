"""A lookup whose table stands in a file."""

import logging
import os

import pytest

from adapters.lookup import INFO, KeyType, Params
from adapters.lookup.csv_file import MAX_BYTES, BadFileError
from mixer.adapter import Duration
from mixer.adapter.testing import Battery, FakeClock, start
from mixer.template.lookup import Instance, Output

OWNERS = "name,value,team\nreviews,alice,books\nratings,bob,\n"
ALICE = Output(value="alice", fields={"value": "alice", "team": "books"})
BOB = Output(value="bob", fields={"value": "bob"})
UNKNOWN = Output()


def country(code):
    return Output(value=code, fields={"value": code})


def find(handler, key):
    return handler.generate_lookup(Instance(name="x", key=key))


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text(OWNERS)
    return path


def replace(file, text):
    """As it should be done: readers see the old file or the new one."""
    new = file.with_suffix(".new")
    new.write_bytes(text if isinstance(text, bytes) else text.encode())
    new.replace(file)


@pytest.mark.parametrize(
    ("text", "params", "key", "output"),
    [
        (OWNERS, {}, "reviews", ALICE),
        # an empty cell is a field that the key lacks
        (OWNERS, {}, "ratings", BOB),
        (OWNERS, {}, "details", UNKNOWN),
        (OWNERS, {}, "", UNKNOWN),
        # another column holds the keys
        (
            OWNERS,
            {"key_column": "value", "value_field": "name"},
            "alice",
            Output(value="reviews", fields={"name": "reviews", "team": "books"}),
        ),
        # what is no text is looked up by its text
        ("port,value\n80,web\n", {}, 80, country("web")),
        ("address,value\n10.0.0.1,web\n", {}, b"\x0a\0\0\1", country("web")),
        # quotes, byte order mark, CRLF and empty lines, as spreadsheets write them
        ('\ufeffkey,value\r\n"a, b","say ""x"""\r\n\r\n', {}, "a, b", country('say "x"')),
        # the configuration's table comes first
        (OWNERS, {"table": {"reviews": {"value": "eve"}}}, "reviews", country("eve")),
        # columns, and no rows
        ("key,value\n", {}, "a", UNKNOWN),
    ],
)
def test_a_key_is_looked_up_in_the_file(file, text, params, key, output):
    file.write_text(text, newline="")
    with start(INFO, Params(file=str(file), **params)) as handler:
        assert find(handler, key) == output


NETWORKS = "network,value\n10.0.0.0/8,DE\n10.1.0.0/16,FR\n10.1.2.3,IT\n2001:db8::/32,JP\n"


@pytest.mark.parametrize(
    ("key", "output"),
    [
        (b"\x0a\x02\0\1", country("DE")),
        # the longest prefix counts
        (b"\x0a\x01\0\1", country("FR")),
        (b"\x0a\x01\x02\x03", country("IT")),
        # IPv4 in its IPv6 form
        (bytes(10) + b"\xff\xff\x0a\x01\0\1", country("FR")),
        # as text
        ("10.2.0.1", country("DE")),
        ("2001:db8::1", country("JP")),
        # in no network
        ("2001:db9::1", UNKNOWN),
        (b"\xc0\0\2\1", UNKNOWN),
        # no addresses
        ("10.0.0.0/8", UNKNOWN),
        (b"\1\2\3", UNKNOWN),
        (10, UNKNOWN),
        (None, UNKNOWN),
    ],
)
def test_an_address_is_looked_up_in_networks(file, key, output):
    file.write_text(NETWORKS)
    with start(INFO, Params(file=str(file), key_type=KeyType.IP_ADDRESSES)) as handler:
        assert find(handler, key) == output


def test_a_file_that_changes_is_read_again(file):
    clock = FakeClock()
    with start(INFO, Params(file=str(file)), clock=clock) as handler:
        replace(file, OWNERS.replace("alice", "carol"))
        clock.advance(9)
        assert find(handler, "reviews") == ALICE
        clock.advance(1)
        assert find(handler, "reviews").value == "carol"


BAD = [
    # text, parameters, what is said of it
    ("", {}, "line 1 names no columns"),
    ("name,value,value\n", {}, "line 1: columns need names, each its own"),
    ("name,\na,b\n", {}, "line 1: columns need names, each its own"),
    ("a,b\n1,2\n", {"key_column": "name"}, "line 1: there is no column 'name'"),
    ("name,value\na,b\na,c\n", {}, "line 3: key 'a' comes twice"),
    ("name,value\na,b,c\n", {}, "line 2: 3 cells for 2 columns"),
    ("name,value\na,b\nc", {}, "line 3: 1 cells for 2 columns"),
    ('name,value\na,"b\n', {}, "line 2: unexpected end of data"),
    ("name,value\na,b\nc,d\n", {"max_rows": 1}, "line 3: more than 1 rows"),
    (b"name,value\n\xff,x\n", {}, "can't decode byte 0xff"),
    ("network,value\n10.0.0.0/33,x\n", {"key_type": KeyType.IP_ADDRESSES}, "bad prefix length"),
    (
        "network,value\n10.0.0.0/8,x\n10.1.0.0/8,y\n",
        {"key_type": KeyType.IP_ADDRESSES},
        "network '10.1.0.0/8' comes twice",
    ),
]


@pytest.mark.parametrize(("text", "params", "complaint"), BAD)
def test_a_handler_is_not_made_with_a_bad_file(file, text, params, complaint):
    replace(file, text)
    with (
        pytest.raises(BadFileError) as caught,
        start(INFO, Params(file=str(file), **params)),
    ):
        pass
    assert str(caught.value).startswith(f"{file}: ")
    assert complaint in str(caught.value)


@pytest.mark.parametrize("text", [text for text, params, _ in BAD if not params])
def test_a_bad_file_never_replaces_a_good_one_and_is_told_of_once(file, text, caplog):
    clock = FakeClock()
    with start(INFO, Params(file=str(file)), clock=clock) as handler:
        replace(file, text)
        clock.advance(30)
        assert find(handler, "reviews") == ALICE
        assert [record.levelno for record in caplog.records] == [logging.WARNING]
        assert caplog.messages[0].endswith("; the table stays")
        replace(file, OWNERS.replace("alice", "carol"))
        clock.advance(10)
        assert find(handler, "reviews").value == "carol"


def test_a_file_that_goes_and_comes_again(file, caplog):
    clock = FakeClock()
    with start(INFO, Params(file=str(file)), clock=clock) as handler:
        file.unlink()
        clock.advance(30)
        assert find(handler, "reviews") == ALICE
        assert caplog.messages == [f"{file}: No such file or directory; the table stays"]
        file.write_text("name,value\nreviews,dave\n")
        clock.advance(10)
        assert find(handler, "reviews") == country("dave")


def test_a_file_that_is_not_there_is_an_error_at_the_start(tmp_path):
    with (
        pytest.raises(BadFileError, match=r"table.csv: No such file or directory$"),
        start(INFO, Params(file=str(tmp_path / "table.csv"))),
    ):
        pass


def test_a_file_that_is_too_large_is_not_read(file):
    os.truncate(file, MAX_BYTES + 1)
    with (
        pytest.raises(BadFileError, match="longer than 536870912 bytes$"),
        start(INFO, Params(file=str(file))),
    ):
        pass


def test_rows_that_differ_in_their_keys_only_share_their_output(file):
    file.write_text("network,value\n10.0.0.0/8,DE\n11.0.0.0/8,DE\n")
    with start(INFO, Params(file=str(file), key_type=KeyType.IP_ADDRESSES)) as handler:
        assert find(handler, "10.0.0.1") is find(handler, "11.0.0.1")


class TestLookupOfAFile(Battery):
    info = INFO
    bad_params = (
        Params(table={"x": {}}, key_type=KeyType.IP_ADDRESSES),
        Params(key_column="name"),
        Params(file="f", refresh_interval=Duration(0)),
        Params(file="f", max_rows=0),
        Params(file="f", max_rows=10_000_001),
    )

    @pytest.fixture(autouse=True)
    def write_file(self, file):
        file.write_text(NETWORKS)
        self.path = str(file)

    def params(self):
        return Params(file=self.path, key_type=KeyType.IP_ADDRESSES)

    def ask(self, handler):
        find(handler, b"\x0a\x01\x02\x03")
        find(handler, "no address")
