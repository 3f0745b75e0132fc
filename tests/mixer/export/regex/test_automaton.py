"""Automata find what RE2 finds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer.errors import EvaluationError
from mixer.export.regex.automaton import automaton_of, finds
from mixer.export.regex.pattern import UnsupportedPatternError
from mixer.expr.runtime.text import searcher

TOKENS = [
    *("a", "b", "k", "S", "é", "\u212a", "\u017f", ".", "^", "$", "|", "(", ")", "(?:", "(?i)"),
    *("(?i:", "(?s)", "(?-i)", "(?P<n>", "*", "+", "?", "{2}", "{1,2}", "{0,}", "*?", "[ab]"),
    *("[^a]", "[a-k]", r"[^\w]", "[[:alpha:]]", "[[:^digit:]]", "[]a]", "[é-ü]", r"[\d_]", r"\d"),
    *(r"\W", r"\s", r"\.", r"\n", r"\x41", r"\x{e9}", r"\101", r"\Qa*\E", r"\A", r"\z", "-", "\n"),
]
TEXTS = ["", "a", "b", "ab", "aab", "aaaa", "k", "K", "\u212a", "s", "S", "\u017f", "é", "ü", "\n"]
TEXTS += ["a\n", "abk7", "_", "-", ".", "7", "A", "a*", "日", "\U0001f600", "éa", "{2}", "a{"]


def found(search, texts):
    return [text for text in texts if search(text.encode())]


@given(
    st.lists(st.sampled_from(TOKENS), max_size=6).map("".join),
    st.lists(st.text(st.sampled_from("abkKsS7_é\u212a\n"), max_size=6), max_size=10),
)
def test_an_automaton_finds_what_re2_finds(pattern, texts):
    try:
        search = searcher(pattern)
        automaton = automaton_of((pattern,))
    except (EvaluationError, UnsupportedPatternError):
        return
    texts += TEXTS
    assert found(lambda data: finds(automaton, data), texts) == found(
        lambda data: search(data) is not None, texts
    )


def test_several_patterns_make_one_automaton():
    automaton = automaton_of(("^/shop", "(?i)CART$"))

    assert found(
        lambda data: finds(automaton, data), ["/shop/1", "/cart", "/cartoon", "/a/shop", ""]
    ) == ["/shop/1", "/cart"]


def test_without_patterns_nothing_is_found():
    assert not finds(automaton_of(()), b"")


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        (r"\bshop", r"\b"),
        (r"\p{Greek}", r"\p"),
        (r"\C", r"\C"),
        ("(?m)^a", "multi-line mode"),
        ("(?i)é", "characters beyond ASCII whose case is not to count"),
        (r"(?i)[\x{2000}-\x{10FFFF}]", "characters beyond ASCII whose case is not to count"),
        # The automaton must know of each of the last 15 characters whether it was an a.
        ("a.{15}b", "needs more than 1000 states"),
        ("(((a{100}){100}){100})", "is too large"),
    ],
)
def test_what_an_automaton_can_not_do_is_refused(pattern, reason):
    with pytest.raises(UnsupportedPatternError) as caught:
        automaton_of((pattern,))
    assert str(caught.value) == reason
