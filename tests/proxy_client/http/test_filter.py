"""What all middlewares for HTTP do alike: each test runs with each of them."""

import logging

import pytest

from mixer.attribute.value import Duration
from mixer.status import Code, Status
from proxy_client.http.filter import FilterOptions
from proxy_client.http.forwarded import decode_forwarded, encode_forwarded
from proxy_client.http.message import Tls
from proxy_client.http.service import HttpService
from proxy_client.quota.charge import QuotaCharge
from proxy_client.quota.spec import AttributeMatch, QuotaRule, QuotaSpec, StringMatch
from proxy_client.verdict import HeaderChange, Operation, RouteDirective, Verdict
from tests.proxy_client.fake_client import NOW
from tests.proxy_client.fronts import App, AsgiFront, Seen, WsgiFront

REPLACE, REMOVE, APPEND = Operation.REPLACE, Operation.REMOVE, Operation.APPEND
DENIED = Status(code=Code.UNAUTHENTICATED, message="who are you?")
LOCAL = [("content-length", "28"), ("content-type", "text/plain")]
DENIAL = (401, LOCAL, b"UNAUTHENTICATED:who are you?")
GOOD = (200, [("content-type", "text/plain"), ("x-a", "1"), ("x-a", "2")], b"good day")
CHECK = {
    "request.method": "POST",
    "request.host": "books",
    "request.path": "/shelf?a=1",
    "request.url_path": "/shelf",
    "request.query_params": {"a": "1"},
    "request.scheme": "http",
    "request.time": NOW,
    "request.headers": {
        ":method": "POST",
        ":path": "/shelf?a=1",
        ":authority": "books",
        "x-user": "ann",
    },
    "context.protocol": "http",
    "connection.mtls": False,
    "origin.ip": b"\x0a\0\0\x09",
}
REPORT = CHECK | {
    "check.cache_hit": False,
    "quota.cache_hit": False,
    "destination.ip": b"\x0a\0\0\x01",
    "destination.port": 80,
    "request.size": 5,
    # :methodPOST, :path/shelf?a=1, hostbooks, x-userann, and the body
    "request.total_size": 11 + 15 + 9 + 9 + 5,
    "response.code": 200,
    "response.headers": {":status": "200", "content-type": "text/plain", "x-a": "2"},
    "response.time": NOW,
    "response.duration": Duration.from_seconds(0.25),
    "response.size": 8,
    # :status200, content-typetext/plain, x-a1, x-a2, and the body
    "response.total_size": 10 + 22 + 4 + 4 + 8,
    "context.proxy_error_code": "-",
}


@pytest.fixture(params=[AsgiFront, WsgiFront])
def front(request):
    return request.param


def post(front):
    return front.send("/shelf?a=1", [("x-user", "ann")], "POST", b"hello")


def passing(request=(), response=()):
    return Verdict(directive=RouteDirective(tuple(request), tuple(response)))


def test_a_request_that_may_pass_is_answered_by_the_application(front):
    running = front(Verdict())

    assert post(running) == GOOD
    assert running.seen == [
        Seen("POST", "/shelf", "a=1", {"host": "books", "x-user": "ann"}, b"hello")
    ]


def test_what_is_asked_and_told(front):
    running = front(Verdict())
    post(running)

    assert running.client.asked == [(CHECK, ())]
    assert running.client.last == REPORT


# G2
def test_the_report_says_what_the_caches_knew(front):
    running = front(Verdict(), Verdict(check_cache_hit=True, quota_cache_hit=True))
    post(running)
    post(running)

    assert running.client.told == [
        REPORT,
        REPORT | {"check.cache_hit": True, "quota.cache_hit": True},
    ]


# G6, G9
def test_a_denied_request_never_reaches_the_application(front):
    running = front(Verdict(DENIED))

    assert post(running) == DENIAL
    assert running.seen == []
    assert running.client.last == REPORT | {
        "check.error_code": 16,
        "check.error_message": "UNAUTHENTICATED:who are you?",
        "context.proxy_error_code": "UAEX",
        "request.size": 0,
        "request.total_size": REPORT["request.total_size"] - 5,
        "response.code": 401,
        "response.headers": {":status": "401", **dict(LOCAL)},
        "response.size": 28,
        "response.total_size": 10 + 16 + 22 + 28,
    }


# G6
def test_an_error_of_the_application_is_no_denial(front):
    running = front(Verdict(), app=App(code=400))

    assert post(running)[0] == 400
    assert running.client.last == REPORT | {
        "response.code": 400,
        "response.headers": REPORT["response.headers"] | {":status": "400"},
    }


def test_an_answer_to_head_has_no_body(front):
    assert front(Verdict(DENIED)).send(method="HEAD") == (401, LOCAL, b"")


# G9
def test_pseudo_headers_change_where_a_request_goes(front):
    changes = [
        HeaderChange(":path", "/other%20place/caf%C3%A9?b=2", REPLACE),
        HeaderChange(":method", "put", REPLACE),
        HeaderChange(":authority", "films", REPLACE),
    ]
    running = front(passing(changes))
    post(running)

    [seen] = running.seen
    assert (seen.path, seen.query) == ("/other place/caf\xe9", "b=2")
    assert (seen.method, seen.headers["host"]) == ("PUT", "films")
    assert running.client.last == REPORT


# G9
def test_request_headers_change_before_the_application_sees_them(front):
    changes = [
        HeaderChange("x-user", "bob", REPLACE),
        HeaderChange("X-Added", "1", APPEND),
        HeaderChange("x-added", "2", APPEND),
        HeaderChange("x-spoofed", "", REMOVE),
    ]
    running = front(passing(changes))
    answer = running.send("/", [("x-user", "ann"), ("x-spoofed", "root")])

    assert answer == GOOD
    assert running.seen == [
        Seen("GET", "/", "", {"host": "books", "x-user": "bob", "x-added": "1,2"}, b"")
    ]


# G9: operations on the response, and two lines of Set-Cookie by APPEND
def test_response_headers_change_after_the_application(front):
    changes = [
        HeaderChange("set-cookie", "a=1", APPEND),
        HeaderChange("Set-Cookie", "b=2", APPEND),
        HeaderChange("x-a", "3", REPLACE),
    ]
    running = front(passing(response=changes))

    headers = [
        ("content-type", "text/plain"),
        ("set-cookie", "a=1"),
        ("set-cookie", "b=2"),
        ("x-a", "3"),
    ]
    assert post(running) == (200, headers, b"good day")
    assert running.client.last["response.headers"] == {":status": "200", **dict(headers)}


# G9
def test_both_directions_change(front):
    verdict = passing([HeaderChange("x-b", "1", REPLACE)], [HeaderChange("x-a", "", REMOVE)])
    running = front(verdict)

    assert running.send() == (200, [("content-type", "text/plain")], b"good day")
    assert running.seen[0].headers == {"host": "books", "x-b": "1"}


# G9: a direct response, a denial that is answered otherwise, a redirect
@pytest.mark.parametrize(
    ("status", "code", "reported"), [(Status(), 200, 200), (DENIED, 503, 401), (DENIED, 302, 401)]
)
def test_a_direct_response_takes_the_place_of_all_others(front, status, code, reported):
    directive = RouteDirective(
        request_headers=(HeaderChange("x-never", "1", REPLACE),),
        response_headers=(HeaderChange("location", "/there", REPLACE),),
        direct_response_code=code,
        direct_response_body="go",
    )
    running = front(Verdict(status, directive))

    headers = [
        ("content-length", "2"),
        ("content-type", "text/plain"),
        ("location", "/there"),
    ]
    assert post(running) == (code, headers, b"go")
    assert running.seen == []
    assert running.client.last["response.code"] == reported
    assert running.client.last["response.headers"][":status"] == str(code)


# HH2
def test_a_service_that_is_neither_checked_nor_reported_is_left_alone(front):
    options = FilterOptions(is_checked=False, is_reported=False)
    running = front(options=options)

    assert post(running) == GOOD
    assert (running.client.asked, running.client.told) == ([], [])


# HH3
def test_a_service_that_is_only_reported_has_no_verdict(front):
    running = front(options=FilterOptions(is_checked=False))

    assert post(running) == GOOD
    assert running.client.asked == []
    assert running.client.last == {
        name: value
        for name, value in REPORT.items()
        if name not in ("check.cache_hit", "quota.cache_hit")
    }


# HH8: and one that is not reported
def test_a_service_that_is_only_checked_is_not_reported(front):
    running = front(options=FilterOptions(is_reported=False))

    assert post(running) == GOOD
    assert running.client.asked == [(CHECK, ())]
    assert running.client.told == []


# HH4, HH6
def test_what_a_route_knows_goes_before_what_the_service_knows(front):
    service = HttpService(attributes={"destination.uid": "pod", "api.version": "v1"})
    route = service.with_route({"api.version": "v2"})
    running = front(options=FilterOptions(service=route))
    post(running)

    assert running.client.asked == [(CHECK | {"destination.uid": "pod", "api.version": "v2"}, ())]


def test_options_can_depend_on_the_request(front):
    books = FilterOptions(service=HttpService(attributes={"destination.service.name": "books"}))
    probes = FilterOptions(is_checked=False, is_reported=False)
    running = front(options=lambda request: probes if request.path == "/healthz" else books)
    running.send("/healthz")
    post(running)

    assert running.client.asked == [(CHECK | {"destination.service.name": "books"}, ())]
    assert len(running.client.told) == 1


# HH5: the value of the route is the one that is handed on
def test_the_application_gets_what_is_to_be_handed_on(front):
    service = HttpService(forward_attributes={"source.uid": "filter", "source.namespace": "n"})
    route = service.with_route(forward_attributes={"source.uid": "route"})
    running = front(options=FilterOptions(service=route))
    running.send("/", [("x-istio-attributes", "theirs")])

    header = running.seen[0].headers["x-istio-attributes"]
    assert decode_forwarded(header) == {"source.uid": "route", "source.namespace": "n"}


# HH9
def test_what_is_to_be_handed_on_does_not_depend_on_being_checked(front):
    service = HttpService(forward_attributes={"source.uid": "here"})
    running = front(options=FilterOptions(service=service, is_checked=False, is_reported=False))
    running.send()

    assert decode_forwarded(running.seen[0].headers["x-istio-attributes"]) == {"source.uid": "here"}
    assert (running.client.asked, running.client.told) == ([], [])


# HH10
def test_what_was_handed_on_is_believed_and_hidden_from_the_application(front):
    header = encode_forwarded({"source.uid": "caller", "destination.uid": "forged"})
    options = FilterOptions(service=HttpService(attributes={"source.uid": "local"}))
    running = front(options=options)
    running.send("/", [("x-istio-attributes", header)])

    [(asked, _)] = running.client.asked
    assert (asked["source.uid"], "destination.uid" in asked) == ("caller", False)
    assert "x-istio-attributes" not in asked["request.headers"]
    assert running.seen[0].headers == {"host": "books"}


# HH11, G11
def test_what_was_handed_on_can_be_ignored_and_is_hidden_all_the_same(front):
    header = encode_forwarded({"source.uid": "forged"})
    options = FilterOptions(service=HttpService(ignores_forwarded=True))
    running = front(options=options)
    running.send("/", [("x-istio-attributes", header)])

    [(asked, _)] = running.client.asked
    assert "source.uid" not in asked
    assert running.seen[0].headers == {"host": "books"}


# HH7
def test_requests_are_charged_as_the_rules_say(front):
    get = AttributeMatch({"request.method": StringMatch(exact="GET")})
    spec = QuotaSpec(
        [
            QuotaRule(quotas=[QuotaCharge("requests", 5)]),
            QuotaRule(match=[get], quotas=[QuotaCharge("reads")]),
        ]
    )
    running = front(options=FilterOptions(quota_specs=[spec]))
    running.send()
    post(running)

    assert [quotas for _, quotas in running.client.asked] == [
        (QuotaCharge("requests", 5), QuotaCharge("reads")),
        (QuotaCharge("requests", 5),),
    ]


def test_an_application_can_say_more_of_a_request(front):
    app = App(metadata={"shop": {"basket": "full", "items": 3}})
    running = front(app=app)
    post(running)

    assert running.client.last == REPORT | {"shop": {"basket": "full"}}


def test_a_report_that_cannot_be_made_does_not_fail_the_request(front, caplog):
    running = front(app=App(metadata={"shop": None}))

    with caplog.at_level(logging.ERROR):
        assert post(running) == GOOD
    assert running.client.told == []
    assert [record.message for record in caplog.records] == ["A request was not reported."]


def test_a_path_is_what_the_application_routes_by(front):
    running = front()
    for path in ("/caf\xe9 \u20ac", "/c;d=1,2", "/100%", "/a%3Fb"):
        running.send(path)

    assert [asked["request.path"] for asked, _ in running.client.asked] == [
        "/caf%C3%A9%20%E2%82%AC",
        "/c;d=1,2",
        "/100%25",
        "/a%253Fb",
    ]


def test_bytes_that_are_no_text_are_marked_for_mixer_and_kept_for_the_application(front):
    running = front()
    running.send("/", [("x-raw", b"caf\xe9 \xc3\xa9")])

    [(asked, _)] = running.client.asked
    assert asked["request.headers"]["x-raw"] == "caf\ufffd \xe9"
    assert (
        running.seen[0].headers["x-raw"].encode("utf-8", "surrogateescape") == b"caf\xe9 \xc3\xa9"
    )


def test_who_was_authenticated_is_said_by_a_middleware_in_front(front):
    metadata = {"istio_authn": {"request.auth.principal": "ann"}}
    running = front(tls=Tls(peer_names=[("URI", "spiffe://shop/ns/web/sa/ann")]), metadata=metadata)
    running.send()

    [(asked, _)] = running.client.asked
    assert (asked["request.auth.principal"], asked["connection.mtls"]) == ("ann", True)
