"""What a verdict means for headers, apart from any server."""

import pytest

from mixer.status import Code, Status
from proxy_client.http.enforcement import Answer, answer_to, changed, pseudo_headers
from proxy_client.verdict import HeaderChange, Operation, RouteDirective, Verdict

REPLACE, REMOVE, APPEND = Operation.REPLACE, Operation.REMOVE, Operation.APPEND
HEADERS = [("a", "1"), ("b", "2"), ("a", "3")]


def pair(name, value):
    return name, value


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        (HeaderChange("a", "4", REPLACE), [("b", "2"), ("a", "4")]),
        (HeaderChange("A", "4", REPLACE), [("b", "2"), ("a", "4")]),
        (HeaderChange("c", "4", REPLACE), [*HEADERS, ("c", "4")]),
        (HeaderChange("a", "", REMOVE), [("b", "2")]),
        (HeaderChange("c", "", REMOVE), HEADERS),
        (HeaderChange("a", "4", APPEND), [*HEADERS, ("a", "4")]),
        (HeaderChange("c", "4", APPEND), [*HEADERS, ("c", "4")]),
        (HeaderChange(":path", "/x", REPLACE), HEADERS),
    ],
)
def test_each_operation(change, wanted):
    assert changed(HEADERS, [change], pair) == wanted


def test_operations_are_done_in_order():
    changes = [
        HeaderChange("a", "4", APPEND),
        HeaderChange("a", "5", REPLACE),
        HeaderChange("a", "6", APPEND),
    ]

    assert changed(HEADERS, changes, pair) == [("b", "2"), ("a", "5"), ("a", "6")]


def test_headers_of_a_server_that_does_not_write_them_small_are_found_all_the_same():
    assert changed([("Server", "x")], [HeaderChange("server", "", REMOVE)], pair) == []


def test_a_value_cannot_begin_another_line():
    changes = [HeaderChange("a", "x\r\nset-cookie: y\0", REPLACE)]

    assert changed([], changes, pair) == [("a", "x  set-cookie: y ")]


def test_pseudo_headers_have_one_value_and_stay():
    changes = [
        HeaderChange(":path", "/one", APPEND),
        HeaderChange(":Path", "/two", REPLACE),
        HeaderChange(":method", "", REMOVE),
        HeaderChange("a", "1", REPLACE),
    ]

    assert pseudo_headers(changes) == {":path": "/two"}


def test_what_may_pass_is_not_answered():
    directive = RouteDirective(request_headers=(HeaderChange("a", "1", REPLACE),))

    assert answer_to(Verdict()) is None
    assert answer_to(Verdict(directive=directive)) is None


@pytest.mark.parametrize(
    ("status", "code", "body"),
    [
        (Status(code=Code.PERMISSION_DENIED, message="no"), 403, b"PERMISSION_DENIED:no"),
        (Status(code=Code.UNAUTHENTICATED), 401, b"UNAUTHENTICATED"),
        (Status(code=Code.CANCELLED, message="caf\xe9"), 499, b"CANCELLED:caf\xc3\xa9"),
        (Status(code=99), 500, b"CODE_99"),
    ],
)
def test_a_denial_has_the_status_of_its_code_and_says_why(status, code, body):
    headers = (("content-length", str(len(body))), ("content-type", "text/plain"))

    assert answer_to(Verdict(status)) == Answer(code, headers, body)


def test_a_denial_gets_no_header_operations():
    directive = RouteDirective(response_headers=(HeaderChange("a", "1", REPLACE),))
    status = Status(code=Code.PERMISSION_DENIED)

    assert answer_to(Verdict(status, directive)) == answer_to(Verdict(status))


@pytest.mark.parametrize("code", [Code.OK, Code.UNAUTHENTICATED])
def test_a_direct_response_goes_before_the_verdict_and_gets_the_header_operations(code):
    directive = RouteDirective(
        response_headers=(
            HeaderChange("content-type", "text/html", REPLACE),
            HeaderChange("location", "/login", REPLACE),
        ),
        direct_response_code=302,
        direct_response_body="<a>",
    )

    assert answer_to(Verdict(Status(code=code), directive)) == Answer(
        302,
        [("content-length", "3"), ("content-type", "text/html"), ("location", "/login")],
        b"<a>",
    )


def test_a_direct_response_without_a_body_says_that_it_is_empty():
    assert answer_to(Verdict(directive=RouteDirective(direct_response_code=302))) == Answer(
        302, [("content-length", "0")]
    )


@pytest.mark.parametrize("code", [204, 304])
def test_a_status_that_goes_with_no_body_gets_none(code):
    directive = RouteDirective(direct_response_code=code, direct_response_body="lost")

    assert answer_to(Verdict(directive=directive)) == Answer(code, [])
