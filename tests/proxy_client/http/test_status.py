import pytest

from mixer.status import Code, Status
from proxy_client.http.status import http_status, status_text


def test_every_code_has_its_http_status():
    assert {code.name: http_status(code) for code in Code} == {
        "OK": 200,
        "CANCELLED": 499,
        "UNKNOWN": 500,
        "INVALID_ARGUMENT": 400,
        "DEADLINE_EXCEEDED": 504,
        "NOT_FOUND": 404,
        "ALREADY_EXISTS": 409,
        "PERMISSION_DENIED": 403,
        "RESOURCE_EXHAUSTED": 429,
        "FAILED_PRECONDITION": 400,
        "ABORTED": 409,
        "OUT_OF_RANGE": 400,
        "UNIMPLEMENTED": 501,
        "INTERNAL": 500,
        "UNAVAILABLE": 503,
        "DATA_LOSS": 500,
        "UNAUTHENTICATED": 401,
    }


def test_a_code_that_nobody_defined_is_500():
    assert http_status(99) == 500


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (Status(code=7, message="not you"), "PERMISSION_DENIED:not you"),
        (Status(code=16), "UNAUTHENTICATED"),
        (Status(code=99, message="?"), "CODE_99:?"),
    ],
)
def test_the_text_is_the_name_of_the_code_and_the_message(status, text):
    assert status_text(status) == text
