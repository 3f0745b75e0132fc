"""The text forms of values, which are Go's."""

import pytest

from mixer.attribute.value import (
    ZERO_TIMESTAMP,
    Duration,
    Timestamp,
    double_text,
    ip_text,
    stringify,
)

_S = 1_000_000_000


@pytest.mark.parametrize(
    ("text", "nanos"),
    [
        ("0", 0),
        ("+0", 0),
        ("5s", 5 * _S),
        ("1h30m", 5400 * _S),
        (".5s", _S // 2),
        ("1.s", _S),
        ("-1m", -60 * _S),
        ("1.5ms", 1_500_000),
        ("3us", 3_000),
        ("3µs", 3_000),
        ("7ns", 7),
        ("0.1ns", 0),  # parts of a nanosecond are cut off
        ("2562047h47m16.854775807s", (1 << 63) - 1),  # the largest there is
    ],
)
def test_a_duration_is_read_as_go_reads_it(text, nanos):
    assert Duration.parse(text) == nanos


@pytest.mark.parametrize("text", ["", "5", "5 s", "s", ".", "1h 3m", "5S", "2562047h47m17s"])
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(ValueError, match="duration"):
        Duration.parse(text)


@pytest.mark.parametrize(
    ("nanos", "text"),
    [
        (0, "0s"),
        (1, "1ns"),
        (1_100, "1.1µs"),
        (12_300_000, "12.3ms"),
        (999_999_999, "999.999999ms"),
        (_S, "1s"),
        (90 * _S, "1m30s"),
        (3600 * _S, "1h0m0s"),
        (5400 * _S + 1, "1h30m0.000000001s"),
        (-1_500_000_000, "-1.5s"),
    ],
)
def test_a_duration_prints_as_go_prints_it(nanos, text):
    assert str(Duration(nanos)) == text


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("2019-06-01T10:00:00Z", "2019-06-01T10:00:00.000000Z"),
        ("2019-06-01T10:00:00.123456789Z", "2019-06-01T10:00:00.123456Z"),
        ("2020-01-01T01:00:00+01:00", "2020-01-01T00:00:00.000000Z"),
        ("1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.500000Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000000Z"),
    ],
)
def test_a_time_prints_in_utc_with_microseconds(text, printed):
    assert str(Timestamp.parse(text)) == printed


def test_a_time_keeps_nanoseconds():
    one, other = (Timestamp.parse(f"2020-01-01T00:00:00.00000000{n}Z") for n in (1, 2))
    assert other - one == 1


@pytest.mark.parametrize("text", ["2020-01-01", "2020-01-01T00:00:00", "2020-13-01T00:00:00Z", ""])
def test_what_is_no_rfc_3339_time_is_refused(text):
    with pytest.raises(ValueError):
        Timestamp.parse(text)


def test_times_beyond_the_calendar_still_print():
    assert str(Timestamp(300_000_000_000 * _S)) == "300000000000.000000s"


@pytest.mark.parametrize(
    ("address", "text"),
    [
        (bytes([10, 1, 2, 3]), "10.1.2.3"),
        (bytes(10) + b"\xff\xff\x0a\x01\x02\x03", "10.1.2.3"),
        (b"\x20\x01\x0d\xb8" + bytes(11) + b"\x01", "2001:db8::1"),
        (bytes([10, 57, 3]), "?0a3903"),
        (b"", "<nil>"),
    ],
)
def test_addresses_print_as_go_prints_them(address, text):
    assert ip_text(address) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1.0, "1"),
        (0.25, "0.25"),
        (-0.0, "-0"),
        (1e21, "1000000000000000000000"),
        # The double is 99999999999999991611392; like Go's, its shortest digits are followed by 0s.
        (1e23, "100000000000000000000000"),
        (5e-324, "0." + 323 * "0" + "5"),
        (1.5e-7, "0.00000015"),
        (float("inf"), "+Inf"),
        (float("nan"), "NaN"),
    ],
)
def test_doubles_print_without_an_exponent(number, text):
    assert double_text(number) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("x", "x"),
        (True, "true"),
        (7, "7"),
        (2.5, "2.5"),
        (Duration(_S), "1s"),
        (ZERO_TIMESTAMP, "0001-01-01T00:00:00.000000Z"),
        (b"\x7f\0\0\1", "127.0.0.1"),
        ({"b": "2", "a": "1"}, "stringmap[a:1 b:2]"),
    ],
)
def test_every_value_has_a_text(value, text):
    assert stringify(value) == text
