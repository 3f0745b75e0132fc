import math

import pytest

from mixer.attribute.value import Duration, Timestamp, ValueType
from mixer.cli.attribute_text import (
    parse_as,
    parse_bool,
    parse_bytes,
    parse_double,
    parse_int,
    parse_map,
    sense,
    type_of,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("42", 42),
        ("-1", -1),
        ("1", 1),  # an integer before a bool
        ("9223372036854775808", 9223372036854775808.0),  # one too many for 64 bits
        ("1.5", 1.5),
        ("1e3", 1000.0),
        ("true", True),
        ("f", False),
        ("2019-06-01T10:00:00Z", Timestamp(1_559_383_200_000_000_000)),
        ("20ms", Duration(20_000_000)),
        ("a:0:0:1", b"\x0a\x00\x00\x01"),
        ("10.0.0.1", b"\x0a\x00\x00\x01"),
        ("be", "be"),  # one byte to the original
        ("key:value;other:x:y", {"key": "value", "other": "x:y"}),
        ("kubernetes://pod.ns", "kubernetes://pod.ns"),  # a map to the original
        ("/reviews", "/reviews"),
        ("", ""),
    ],
)
def test_an_untyped_value_is_the_first_form_that_fits(text, value):
    sensed = sense(text)

    assert sensed == value
    assert type(sensed) is type(value)


@pytest.mark.parametrize(
    ("parse", "text", "message"),
    [
        (parse_int, "1.5", "'1.5' is no 64-bit integer"),
        (parse_int, "9223372036854775808", "'9223372036854775808' is no 64-bit integer"),
        (parse_int, "1_000", "'1_000' is no 64-bit integer"),
        (parse_double, "x", "'x' is no number"),
        (parse_bool, "yes", "'yes' is neither true nor false"),
        (parse_bytes, "xyz", "'xyz' is neither hexadecimal a:b:c nor an IP address"),
        (parse_map, "a", "'a' is not key:value"),
    ],
)
def test_a_text_of_another_type_is_refused(parse, text, message):
    with pytest.raises(ValueError) as raised:
        parse(text)

    assert str(raised.value) == message


def test_bytes_are_hexadecimal_or_an_address():
    assert parse_bytes("ff") == b"\xff"
    assert parse_bytes("192.0.2.1") == b"\xc0\x00\x02\x01"
    assert parse_bytes("::1") == bytes(15) + b"\x01"


def test_a_double_may_be_infinite_or_no_number():
    assert parse_double("-inf") == -math.inf
    assert math.isnan(parse_double("NaN"))


def test_an_empty_text_is_an_empty_map():
    assert parse_map("") == {}


@pytest.mark.parametrize(
    ("value_type", "text", "value"),
    [
        (ValueType.STRING, "80", "80"),
        (ValueType.URI, "http://x", "http://x"),
        (ValueType.INT64, "80", 80),
        (ValueType.DOUBLE, "80", 80.0),
        (ValueType.IP_ADDRESS, "0.0.0.0", bytes(4)),
        (ValueType.DURATION, "1m", Duration(60_000_000_000)),
        (ValueType.STRING_MAP, "a:b", {"a": "b"}),
    ],
)
def test_a_declared_type_decides_the_form(value_type, text, value):
    parsed = parse_as(value_type, text)

    assert parsed == value
    assert type(parsed) is type(value)


@pytest.mark.parametrize(
    ("text", "value_type"),
    [
        ("x", ValueType.STRING),
        ("1", ValueType.INT64),
        ("1.0", ValueType.DOUBLE),
        ("true", ValueType.BOOL),
        ("1s", ValueType.DURATION),
        ("2019-06-01T10:00:00Z", ValueType.TIMESTAMP),
        ("1.2.3.4", ValueType.IP_ADDRESS),
        ("key:value", ValueType.STRING_MAP),
    ],
)
def test_a_sensed_value_has_a_type(text, value_type):
    assert type_of(sense(text)) is value_type
