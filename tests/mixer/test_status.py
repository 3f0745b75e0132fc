"""Result codes, and how each is said in HTTP (protocol.md 4.5)."""

import pytest

from mixer.status import OK, Code, Status, code_name, http_status

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
