"""Single values."""

import math
from enum import Enum, IntEnum

import pytest

from mixer.attribute.value import Duration
from mixer.config.scalar import (
    describe,
    to_bool,
    to_duration,
    to_float,
    to_int,
    to_member,
    to_text,
)


class Stream(IntEnum):
    STDOUT = 0
    STDERR = 1


class Colour(Enum):
    RED = "red"


to_stream = to_member(Stream)
to_colour = to_member(Colour)


@pytest.mark.parametrize(
    ("convert", "data", "value"),
    [
        (to_text, "x", "x"),
        (to_text, "", ""),
        (to_bool, False, False),
        (to_int, 5, 5),
        (to_int, "-5", -5),
        (to_int, 5.0, 5),
        (to_int, "9223372036854775807", 2**63 - 1),
        (to_int, -(2**63), -(2**63)),
        (to_float, 5, 5.0),
        (to_float, 1.5, 1.5),
        (to_float, "-1.5e3", -1500.0),
        (to_float, "Infinity", math.inf),
        (to_duration, "5s", Duration(5_000_000_000)),
        (to_duration, "0.5s", Duration(500_000_000)),
        (to_duration, "-3s", Duration(-3_000_000_000)),
        (to_duration, "1m30s", Duration(90_000_000_000)),
        (to_stream, "STDERR", Stream.STDERR),
        (to_stream, 0, Stream.STDOUT),
        (to_colour, "RED", Colour.RED),
    ],
)
def test_good_data_has_a_value(convert, data, value):
    converted = convert(data)
    assert (type(converted), converted) == (type(value), value)


def test_the_text_of_no_number_is_a_number_all_the_same():
    assert math.isnan(to_float("NaN"))


@pytest.mark.parametrize(
    ("convert", "data", "message"),
    [
        (to_text, False, "want a string, got the boolean false; quote it"),
        (to_text, 5, "want a string, got the number 5; quote it"),
        (to_text, None, "want a string, got null"),
        (to_text, [], "want a string, got a list"),
        (to_bool, "true", 'want a boolean, got the string "true"'),
        (to_bool, 1, "want a boolean, got the number 1"),
        (to_int, True, "want an integer, got the boolean true"),
        (to_int, 1.5, "want an integer, got the number 1.5"),
        (to_int, math.inf, "want an integer, got the number inf"),
        (to_int, "abc", 'want an integer, got the string "abc"'),
        (to_int, " 5", 'want an integer, got the string " 5"'),
        (to_int, "٣", 'want an integer, got the string "٣"'),
        (to_int, "1e3", 'want an integer, got the string "1e3"'),
        (to_int, 2**63, "want an integer of 64 bits, got the number 9223372036854775808"),
        (
            to_int,
            "-9223372036854775809",
            'want an integer of 64 bits, got the string "-9223372036854775809"',
        ),
        (to_float, "1_0", 'want a number, got the string "1_0"'),
        (to_float, "inf", 'want a number, got the string "inf"'),
        (to_float, True, "want a number, got the boolean true"),
        (to_float, {}, "want a number, got an object"),
        (to_duration, "abc", 'want a duration such as 5s, got the string "abc"'),
        (to_duration, 5, "want a duration such as 5s, got the number 5"),
        (
            to_stream,
            "STDOT",
            'want one of STDOUT, STDERR; got the string "STDOT" (did you mean "STDOUT"?)',
        ),
        (to_stream, 2, "want one of STDOUT, STDERR; got the number 2"),
        (to_stream, False, "want one of STDOUT, STDERR; got the boolean false"),
        (to_colour, "red", 'want one of RED; got the string "red"'),
    ],
)
def test_bad_data_is_told_from_what_is_wanted(convert, data, message):
    with pytest.raises(ValueError) as raised:
        convert(data)
    assert str(raised.value) == message


def test_a_long_string_is_cut_when_it_is_told():
    assert describe("x" * 61) == f'the string "{"x" * 57}..."'
