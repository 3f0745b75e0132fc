"""E-mail addresses."""

import pytest

from mixer.errors import EvaluationError
from mixer.expr.runtime.email_address import email, email_equal


@pytest.mark.parametrize(
    "text",
    ["a@b.com", " a.b+c@B.com ", "<a@b.com>", '"a b"@c.de', r'"a\"@"@c.de', "é@b.com", "a@é.com"],
)
def test_an_address_stays_as_it_is(text):
    assert email(text) == text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "'mail: no address'"),
        ("a", "'mail: missing '@' or angle-addr'"),
        ("a@", "'mail: no angle-addr'"),
        ("@b", "'mail: no angle-addr'"),
        (".a@b", "'mail: no angle-addr'"),
        ("a@b..c", "'mail: no angle-addr'"),
        ("a@b,c@d", "'mail: no angle-addr'"),
        ("a b@c", "'mail: no angle-addr'"),
        ("A <a@b.com>", "display names are not allowed"),
        ('"A B" <a@b.com>', "display names are not allowed"),
        ("a@-b", "'error converting '-b' to dns name: 'idna: invalid label \"-b\"''"),
    ],
)
def test_what_is_no_address_is_refused(text, reason):
    with pytest.raises(EvaluationError) as caught:
        email(text)
    assert str(caught.value) == f"error converting '{text}' to e-mail: {reason}"


@pytest.mark.parametrize(
    ("a", "b", "equal"),
    [
        ("a@b.com", "a@B.COM.", None),
        ("a@b.com", "a@B.COM", True),
        ("a@b.com", "A@b.com", False),
        ("a@b.com", "<a@b.com>", True),
        ("a@b.com", '"a"@b.com', True),
        ("a@b.com", "a@c.com", False),
    ],
)
def test_domains_are_equal_as_dns_names_and_local_parts_letter_by_letter(a, b, equal):
    if equal is None:
        with pytest.raises(EvaluationError, match=r"^mail: no angle-addr$"):
            email_equal(a, b)
    else:
        assert email_equal(a, b) is equal


def test_domains_that_cannot_be_compared_name_both_addresses():
    with pytest.raises(EvaluationError) as caught:
        email_equal("a@b", "a@b_c")
    assert str(caught.value) == (
        "error comparing e-mails 'a@b' and 'a@b_c': idna: disallowed rune in 'b_c'"
    )
