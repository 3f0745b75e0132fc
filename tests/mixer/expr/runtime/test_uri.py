"""URIs."""

import pytest

from mixer.errors import EvaluationError
from mixer.expr.runtime.uri import uri, uri_equal


@pytest.mark.parametrize(
    "text",
    [
        *("foo", "/a?b#c", "mailto:a@b", "a:b:c", "//h:80/x", "http://u:p@h/", "http://[::1]:8/"),
        *("http://é.de/é", "urn:x%zz", "?%zz", "http://h:/", "///a:b", "a/b:c"),
    ],
)
def test_almost_everything_is_a_uri(text):
    assert uri(text) == text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (":/", "missing protocol scheme"),
        ("1a:b", "first path segment in URL cannot contain colon"),
        ("a b:c", "first path segment in URL cannot contain colon"),
        ("/%zz", 'invalid URL escape "%zz"'),
        ("/%4", 'invalid URL escape "%4"'),
        ("/a#%zz", 'invalid URL escape "%zz"'),
        ("a\nb", "net/url: invalid control character in URL"),
        ("http://a b/", 'invalid character " " in host name'),
        ("http://%41/", 'invalid URL escape "%41"'),
        ("http://h:8x/", 'invalid port ":8x" after host'),
        ("http://[::1", "missing ']' in host"),
        ("http://[::1]8", 'invalid port "8" after host'),
        ("http://u u@h", "net/url: invalid userinfo"),
    ],
)
def test_the_fault_is_told(text, reason):
    with pytest.raises(EvaluationError) as caught:
        uri(text)
    assert str(caught.value) == (
        f"error converting string to uri '{text}': 'parse \"{text}\": {reason}'"
    )


def test_empty_text_is_no_uri():
    with pytest.raises(EvaluationError, match=r"^error converting string to uri: empty string$"):
        uri("")


@pytest.mark.parametrize(
    ("a", "b", "equal"),
    [
        ("http://foo.com/a", "HTTP://FOO.com./a", True),
        ("http://foo.com/a", "https://foo.com/a", False),
        ("http://foo.com/a", "http://foo.com/A", False),
        ("http://h/", "http://h:80/", False),
        ("http://h:/", "http://h/", True),
        ("http://h/a b", "http://h/a%20b", True),
        ("http://h/a%2fb", "http://h/a/b", False),
        ("http://h/#", "http://h/", True),
        ("http://h/?", "http://h/", False),
        ("http://u@h/", "http://h/", False),
        ("http:///x", "http:///x", True),
        ("http:/x", "http:///x", False),
        ("mailto:a@b", "MAILTO:a@b", True),
        ("mailto:a@b", "mailto:a@B", False),
        ("ftp://H/", "ftp://h/", False),
        ("foo", "foo", True),
    ],
)
def test_equality(a, b, equal):
    assert (uri_equal(a, b), uri_equal(b, a)) == (equal, equal)


def test_web_hosts_that_are_no_dns_names_cannot_be_compared():
    with pytest.raises(EvaluationError, match=r"^idna: disallowed rune in '::1'$"):
        uri_equal("http://[::1]/", "http://[::1]/")
