"""DNS names."""

import pytest

from mixer.errors import EvaluationError
from mixer.expr.runtime.dns_name import dns_name, dns_name_equal


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Example.COM", "Example.COM"),  # the case is kept
        ("a_b.*.c.", "a_b.*.c."),
        ("xn--bcher-kva.de", "bücher.de"),
        ("bu\u0308cher.de", "bücher.de"),  # composed
        ("\u05d0\u05d1.com", "\u05d0\u05d1.com"),
    ],
)
def test_a_name_is_given_in_unicode_form(text, name):
    assert dns_name(text) == name


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("", ""),
        (".", "."),
        ("a..b", "a..b"),
        (".a", ".a"),
        ("a.-b", "-b"),
        ("a-.b", "a-"),
        ("ab--c.de", "ab--c"),
        ("xn--a.de", "xn--a"),
        ("\u0308a.de", "\u0308a"),  # begins with a combining mark
        ("a\u200db.de", "a\u200db"),  # a joiner between letters that don't join
        ("\u05d0.1a", "1a"),  # a digit may not begin a label beside one that runs right to left
    ],
)
def test_a_wrong_label_is_named(text, label):
    with pytest.raises(EvaluationError) as caught:
        dns_name(text)
    assert str(caught.value) == (
        f"error converting '{text}' to dns name: 'idna: invalid label \"{label}\"'"
    )


@pytest.mark.parametrize(
    ("a", "b", "equal"),
    [
        ("FOO.com", "foo.COM", True),
        ("foo.com", "foo.com.", True),
        ("foo.com.", "foo.com.", True),
        ("foo.com", "fo.com", False),
        ("BÜCHER.de", "xn--bcher-kva.de", True),
        ("ＡＢ.com", "ab.com", True),
        ("", "", True),
        ("", "a", False),
    ],
)
def test_equality_after_mapping(a, b, equal):
    assert (dns_name_equal(a, b), dns_name_equal(b, a)) == (equal, equal)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("a_b", "idna: disallowed rune in 'a_b'"),
        ("*.a", "idna: disallowed rune in '*.a'"),
        ("-a", 'idna: invalid label "-a"'),
    ],
)
def test_names_that_cannot_be_looked_up_cannot_be_compared(text, error):
    with pytest.raises(EvaluationError) as caught:
        dns_name_equal("a", text)
    assert str(caught.value) == error
