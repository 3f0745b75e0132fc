import pytest

from mixer.attribute.value import Duration, Timestamp
from mixer.status import Code, Status
from proxy_client.http.message import HttpRequest, HttpResponse
from proxy_client.http.report import report_attributes
from proxy_client.verdict import RouteDirective, Verdict

NOW = Timestamp.parse("2019-06-01T10:00:01Z")
REQUEST = HttpRequest(
    method="GET",
    path="/books",
    headers=[("host", "localhost"), ("accept", "*/*")],
    server=("1.2.3.4", 8080),
)
RESPONSE = HttpResponse(
    code=200,
    headers=[("content-length", "200"), ("server", "my-server")],
    received_bytes=100,
    sent_bytes=200,
    duration=Duration(1),
)
CHECKED = {"request.path": "/books", "request.headers": {"accept": "*/*"}}
DENIAL = Status(code=Code.PERMISSION_DENIED, message="not you")


def report(checked=CHECKED, request=REQUEST, response=RESPONSE, verdict=None):
    return report_attributes(checked, request, response, verdict, NOW)


# HB4
def test_a_report_has_what_the_check_had_and_the_outcome():
    assert report(verdict=Verdict(check_cache_hit=True)) == {
        "request.path": "/books",
        "request.headers": {"accept": "*/*"},
        "check.cache_hit": True,
        "quota.cache_hit": False,
        "destination.ip": b"\x01\x02\x03\x04",
        "destination.port": 8080,
        "request.size": 100,
        # :methodGET, :path/books, hostlocalhost and accept*/*, and the body
        "request.total_size": 10 + 11 + 13 + 9 + 100,
        "response.code": 200,
        "response.headers": {":status": "200", "content-length": "200", "server": "my-server"},
        "response.time": NOW,
        "response.duration": Duration(1),
        "response.size": 200,
        # :status200, content-length200 and servermy-server, and the body
        "response.total_size": 10 + 17 + 15 + 200,
        "context.proxy_error_code": "-",
    }
    assert CHECKED == {"request.path": "/books", "request.headers": {"accept": "*/*"}}


def test_a_request_that_nobody_checked_says_nothing_of_caches():
    assert report() == {
        name: value
        for name, value in report(verdict=Verdict()).items()
        if name not in ("check.cache_hit", "quota.cache_hit")
    }


# HB5
@pytest.mark.parametrize(
    ("known", "destination"),
    [
        ({"destination.ip": b"\x0a\0\0\1"}, (b"\x0a\0\0\1", 8080)),
        ({"destination.port": 80}, (b"\x01\x02\x03\x04", 80)),
        ({"destination.ip": b"\x0a\0\0\1", "destination.port": 80}, (b"\x0a\0\0\1", 80)),
    ],
)
def test_a_destination_that_is_known_is_kept_address_and_port_each_by_itself(known, destination):
    found = report(checked=known)

    assert (found["destination.ip"], found["destination.port"]) == destination


def test_a_request_that_is_sent_on_has_the_destination_where_it_went():
    response = RESPONSE._replace(upstream=("10.8.1.4", 9080), upstream_uid="kubernetes://cart.shop")

    assert report(checked={"destination.uid": "own"}, response=response) == report(checked={}) | {
        "destination.ip": b"\x0a\x08\x01\x04",
        "destination.port": 9080,
        "destination.uid": "kubernetes://cart.shop",
    }


@pytest.mark.parametrize("server", [None, ("/run/socket", None), ("testserver", 80)])
def test_a_server_that_has_no_address_is_no_destination(server):
    found = report(request=REQUEST._replace(server=server))

    assert not {"destination.ip", "destination.port"} & found.keys()


# G6: the flag, the code and the text of a denial.
def test_a_denial_is_told_with_its_code_its_text_and_its_flag():
    response = RESPONSE._replace(code=403)

    assert report(response=response, verdict=Verdict(DENIAL)) == report(
        response=response, verdict=Verdict()
    ) | {
        "response.code": 403,
        "check.error_code": 7,
        "check.error_message": "PERMISSION_DENIED:not you",
        "context.proxy_error_code": "UAEX",
    }


def test_the_code_of_a_denial_is_a_number_that_can_be_sent():
    assert type(report(verdict=Verdict(DENIAL))["check.error_code"]) is int


def test_a_denial_that_was_answered_with_another_code_is_told_with_its_own():
    verdict = Verdict(DENIAL, RouteDirective(direct_response_code=302))

    found = report(response=RESPONSE._replace(code=302), verdict=verdict)

    assert found["response.code"] == 403
    assert found["response.headers"][":status"] == "302"


# The original took it for a request that was never checked.
def test_a_denial_with_the_code_unknown_and_no_message_is_a_denial():
    found = report(verdict=Verdict(Status(code=Code.UNKNOWN)))

    assert found["check.error_message"] == "UNKNOWN"
    assert found["response.code"] == 500


def test_a_denial_adds_its_flag_to_others():
    found = report(response=RESPONSE._replace(flags="DC"), verdict=Verdict(DENIAL))

    assert found["context.proxy_error_code"] == "DC,UAEX"
    assert report(response=RESPONSE._replace(flags="DC"))["context.proxy_error_code"] == "DC"


def test_a_request_that_was_not_answered_is_500_and_has_no_response_headers():
    found = report(response=HttpResponse())

    assert found["response.code"] == 500
    assert found["response.duration"] == Duration(0)
    assert (found["response.size"], found["response.total_size"]) == (0, 0)
    assert "response.headers" not in found


@pytest.mark.parametrize(
    ("headers", "trailers", "status"),
    [
        ([], [], (None, None)),
        ([], [("grpc-message", "lost")], (None, None)),
        ([("grpc-status", "5")], [], ("5", "")),
        ([("grpc-status", "5"), ("grpc-message", "gone")], [], ("5", "gone")),
        ([("grpc-status", "5"), ("grpc-message", "gone")], [("grpc-status", "0")], ("0", "")),
        ([], [("grpc-status", "7"), ("grpc-message", "no")], ("7", "no")),
    ],
)
def test_the_grpc_status_is_that_of_the_trailers_else_of_the_headers(headers, trailers, status):
    found = report(response=RESPONSE._replace(headers=headers, trailers=trailers))

    assert (found.get("response.grpc_status"), found.get("response.grpc_message")) == status


def test_trailers_win_over_headers_and_count():
    response = HttpResponse(code=200, headers=[("a", "1"), ("b", "1")], trailers=[("b", "22")])

    found = report(response=response)

    assert found["response.headers"] == {":status": "200", "a": "1", "b": "22"}
    assert found["response.total_size"] == 10 + 2 + 2 + 3


# G12
def test_headers_of_tracing_come_into_the_report_and_no_others():
    traced = {"x-b3-traceid": "1", "x-b3-sampled": "0", "x-secret": "no"}
    response = RESPONSE._replace(tracing_headers=traced)

    assert report(response=response) == report() | {
        "request.headers": {"accept": "*/*", "x-b3-traceid": "1", "x-b3-sampled": "0"}
    }
    assert report(checked={}, response=response)["request.headers"] == {
        "x-b3-traceid": "1",
        "x-b3-sampled": "0",
    }
    assert CHECKED["request.headers"] == {"accept": "*/*"}


def test_metadata_that_came_while_the_request_was_handled_is_told():
    metadata = {}
    request = REQUEST._replace(metadata=metadata)
    before = report(request=request)
    metadata["of.a.filter"] = {"a": "b", "number": 1}

    assert report(request=request) == before | {"of.a.filter": {"a": "b"}}
