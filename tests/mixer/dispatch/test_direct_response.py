"""Denials that bring an HTTP response of their own (istio 1.4 `session_test.go`)."""

import pytest

from mixer.adapter import CheckResult, DirectHttpResponse, Status
from mixer.attribute.bag import MappingBag
from mixer.config.spec import Operation
from mixer.dispatch.verdict import HeaderChange, RouteDirective
from tests.integration.documents import handler, instance, rule
from tests.integration.spy import Spy, runtime_of

REDIRECT = DirectHttpResponse(
    code=302, body="go away", headers={"location": "https://example.test/"}
)

HTTP_CODES = [  # protocol.md 4.5, by number
    *((1, 408), (2, 500), (3, 400), (4, 504), (5, 404), (6, 409), (7, 403), (8, 429), (9, 412)),
    *((10, 409), (11, 400), (12, 501), (13, 500), (14, 503), (15, 500), (16, 401), (99, 500)),
]


def directive_of(*answers):
    spy = Spy(answers={f"h{i}.istio-system": answer for i, answer in enumerate(answers)})
    documents = [instance("nothing")]
    for index in range(len(answers)):
        documents += [handler(f"h{index}"), rule(f"r{index}", (f"h{index}", "nothing"))]
    return runtime_of(spy, *documents).dispatcher.check(MappingBag({})).route_directive


def denial(code=7, direct=None):
    return CheckResult(status=Status(code=code, direct_response=direct), valid_use_count=1)


def test_it_becomes_code_body_and_response_headers():
    assert directive_of(denial(direct=REDIRECT)) == RouteDirective(
        response_headers=(HeaderChange("location", "https://example.test/", Operation.REPLACE),),
        direct_response_code=302,
        direct_response_body="go away",
    )


@pytest.mark.parametrize(("code", "http"), HTTP_CODES)
def test_without_a_code_it_takes_that_of_the_status(code, http):
    directive = directive_of(denial(code, DirectHttpResponse(body="x")))
    assert directive == RouteDirective(direct_response_code=http, direct_response_body="x")


@pytest.mark.parametrize("name", ["Set-Cookie", "set-cookie", "SET-COOKIE"])
def test_cookies_are_split_at_commas_and_appended(name):
    directive = directive_of(
        denial(direct=DirectHttpResponse(headers={name: "a=1,b=2", "x": "1,2"}))
    )
    assert directive.response_headers == (
        HeaderChange(name, "a=1", Operation.APPEND),
        HeaderChange(name, "b=2", Operation.APPEND),
        HeaderChange("x", "1,2", Operation.REPLACE),
    )


def test_it_is_that_of_the_first_denial_only():
    assert directive_of(denial(), denial(direct=REDIRECT)) is None
    directive = directive_of(denial(direct=REDIRECT), denial(direct=DirectHttpResponse(code=500)))
    assert directive.direct_response_code == 302


def test_an_answer_that_is_ok_has_none():
    allowed = CheckResult(status=Status(direct_response=REDIRECT), valid_use_count=1)
    assert directive_of(allowed) is None


def test_one_before_the_first_denial_is_not_taken_for_it():
    allowed = CheckResult(status=Status(direct_response=REDIRECT), valid_use_count=1)
    assert directive_of(allowed, denial()) is None
