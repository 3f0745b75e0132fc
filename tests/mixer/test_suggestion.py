"""Guesses what someone meant."""

import pytest

from mixer.suggestion import did_you_mean

KNOWN = ("value", "dimensions", "source.name")

CASES = [
    ("valu", ' (did you mean "value"?)'),
    ("values", ' (did you mean "value"?)'),
    ("dimension", ' (did you mean "dimensions"?)'),
    ("source.nam", ' (did you mean "source.name"?)'),
    ("xyz", ""),
    ("", ""),
]


@pytest.mark.parametrize(("word", "hint"), CASES)
def test_a_close_word_is_suggested(word, hint):
    assert did_you_mean(word, KNOWN) == hint


def test_any_iterable_will_do():
    assert did_you_mean("valu", iter(KNOWN)) == ' (did you mean "value"?)'
    assert did_you_mean("valu", {}) == ""
