"""What patterns match."""

import pytest

from adapters.pattern import Patterns

MATCHES = [
    (("a",), "a", True),
    (("a",), "ab", False),
    (("a",), "A", False),
    (("book*",), "bookstore", True),
    (("book*",), "book", True),  # the rest may be empty
    (("book*",), "a book", False),
    (("*/review",), "/books/review", True),
    (("*/review",), "/review", True),
    (("*/review",), "/reviews", False),
    (("*",), "anything", True),
    (("*",), "", True),
    (("a", "b*", "*c"), "xc", True),  # one is enough
    (("a", "b*", "*c"), "x", False),
    ((), "", False),
    ((), "a", False),
]


@pytest.mark.parametrize(("patterns", "value", "matches"), MATCHES)
def test_a_star_stands_for_the_beginning_or_the_end(patterns, value, matches):
    assert Patterns.parse(patterns).match(value) is matches


@pytest.mark.parametrize("text", ["", "a*b", "*a*", "**", "a**"])
def test_other_patterns_are_refused(text):
    with pytest.raises(ValueError):
        Patterns.parse(("good", text))
