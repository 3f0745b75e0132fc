"""Result codes, and how each is said in HTTP (protocol.md 4.5)."""

import pytest

from mixer.status import OK, Code, Status, code_name, denial_http_status, denial_text, http_status

TABLE = [
    (0, "OK", 200),
    (1, "CANCELLED", 408),
    (2, "UNKNOWN", 500),
    (3, "INVALID_ARGUMENT", 400),
    (4, "DEADLINE_EXCEEDED", 504),
    (5, "NOT_FOUND", 404),
    (6, "ALREADY_EXISTS", 409),
    (7, "PERMISSION_DENIED", 403),
    (8, "RESOURCE_EXHAUSTED", 429),
    (9, "FAILED_PRECONDITION", 412),
    (10, "ABORTED", 409),
    (11, "OUT_OF_RANGE", 400),
    (12, "UNIMPLEMENTED", 501),
    (13, "INTERNAL", 500),
    (14, "UNAVAILABLE", 503),
    (15, "DATA_LOSS", 500),
    (16, "UNAUTHENTICATED", 401),
    # codes that nobody defined
    (17, "CODE_17", 500),
    (-1, "CODE_-1", 500),
]


@pytest.mark.parametrize(("code", "name", "http"), TABLE)
def test_each_code_has_a_name_and_an_http_status(code, name, http):
    assert (code_name(code), http_status(code)) == (name, http)


def test_every_code_is_in_the_table():
    assert {code for code, _, _ in TABLE} >= set(Code)


def test_ok_is_the_status_that_says_nothing():
    assert Status() == OK
    assert (OK.code, OK.message, OK.direct_response) == (0, "", None)


def test_a_plain_denial_has_the_status_of_proxies():
    differing = {
        c.name: denial_http_status(c) for c in Code if denial_http_status(c) != http_status(c)
    }
    assert differing == {"CANCELLED": 499, "FAILED_PRECONDITION": 400}
    assert denial_http_status(99) == 500


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (Status(code=7, message="not you"), "PERMISSION_DENIED:not you"),
        (Status(code=16), "UNAUTHENTICATED"),
        (Status(code=99, message="?"), "CODE_99:?"),
    ],
)
def test_the_text_of_a_denial_is_the_name_of_the_code_and_the_message(status, text):
    assert denial_text(status) == text
