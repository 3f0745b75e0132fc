"""Which instances an override is for."""

import pytest

from adapters.memquota.override import DimensionMatcher
from mixer.adapter import Duration, Timestamp


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("reviews", "reviews"),
        ("", ""),
        ("404", 404),
        ("-7", -7),
        ("+7", 7),
        ("007", 7),
        ("0.5", 0.5),
        ("5e-1", 0.5),
        ("2", 2.0),
        ("true", True),
        ("T", True),
        ("1", True),
        ("false", False),
        ("0", False),
        ("10.1.2.3", b"\x0a\x01\x02\x03"),
        ("10.1.2.3", bytes(10) + b"\xff\xff\x0a\x01\x02\x03"),
        ("::ffff:10.1.2.3", b"\x0a\x01\x02\x03"),
        ("2001:db8::1", bytes.fromhex("20010db8000000000000000000000001")),
        ("2001:0db8:0::1", bytes.fromhex("20010db8000000000000000000000001")),
        ("90s", Duration.parse("1m30s")),
        ("2019-06-01T10:00:00Z", Timestamp.parse("2019-06-01T12:00:00+02:00")),
        ("stringmap[a:1 b:2]", {"b": "2", "a": "1"}),
    ],
)
def test_a_value_equals_a_text_that_means_it(text, value):
    assert DimensionMatcher({"d": text}).matches({"d": value}) is True


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("reviews", "Reviews"),
        ("404", 405),
        ("404", "405"),
        ("true", 1),  # one type's text is not another's
        ("5s", 5_000_000_000),
        ("5000000000", Duration.parse("5s")),
        ("x", 0),
        ("x", 0.0),
        ("yes", True),
        ("2", False),
        ("", 0),
        ("", False),
        ("10.1.2.3", b"\x0a\x01\x02\x04"),
        ("10.1.2.3", b""),
        ("x", b"\x0a\x01\x02\x03"),
        ("x", Duration.parse("5s")),
        ("x", Timestamp.parse("2019-06-01T10:00:00Z")),
        ("a:1", {"a": "1"}),
    ],
)
def test_a_value_differs_from_a_text_that_does_not_mean_it(text, value):
    assert DimensionMatcher({"d": text}).matches({"d": value}) is False


def test_a_dimension_that_is_missing_equals_the_empty_text():
    assert DimensionMatcher({"d": ""}).matches({}) is True
    assert DimensionMatcher({"d": "x"}).matches({}) is False


def test_all_dimensions_have_to_be_equal_and_others_do_not_count():
    matcher = DimensionMatcher({"a": "1", "b": "2"})
    assert matcher.matches({"a": "1", "b": "2", "c": "3"}) is True
    assert matcher.matches({"a": "1", "b": "3"}) is False


def test_an_override_without_dimensions_is_for_everybody():
    assert DimensionMatcher({}).matches({"a": "1"}) is True
