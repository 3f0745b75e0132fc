"""What the filter `mixer_client` in stock Envoy tells about requests: table B of Mixer's HTTP
filter, by value."""

import grpc
import pytest

from mixer.attribute.value import Duration
from mixer.envoy.bootstrap import route
from protos.mixer.v1.mixer_pb2 import ReportRequest, ReportResponse
from tests.e2e.mixer_attributes import (
    HEADERS,
    LOCALHOST,
    PATH,
    SEEN,
    SEEN_HEADERS,
    at_about_now,
    exact,
    metadata,
)
from tests.e2e.mixer_fronts import front, fronted, fronts

__all__ = ["front", "fronts"]  # fixtures

pytestmark = pytest.mark.envoy

NOBODY = {"socket_address": {"address": "127.0.0.1", "port_value": 1}}
CALLED = "test_the_status_of_a_grpc_call_is_reported"


def size(headers):
    return sum(map(len, (*headers, *headers.values())))


@fronted(endpoint={"metadata": {"filter_metadata": {"istio": {"uid": "kubernetes://there"}}}})
def test_a_report_shows_what_became_of_the_request(front):
    trace = ("x-b3-traceid", "trace")
    answer = front.send(PATH, [*HEADERS, trace], method="POST", body=b"12345")
    check_time = front.mixer.asked()["request.time"]
    told = front.mixer.told()

    got = {name.lower(): value for name, value in answer.headers}
    headers = {":status": "200", **got, "x-there": "two"}
    sent = {
        **SEEN_HEADERS,
        ":method": "POST",
        "content-length": "5",
        "x-b3-traceid": "trace",
        "x-envoy-expected-rq-timeout-ms": "15000",
    }
    came = {**sent, "x-a": "1x-a2"}  # both lines
    del came["x-envoy-expected-rq-timeout-ms"]
    host, port = front.upstream.address.split(":")
    at_about_now(told, "response.time")
    duration = told.pop("response.duration")
    assert (host, type(duration), 0 < duration < 10e9) == ("127.0.0.1", Duration, True)
    assert told.pop("request.time") == check_time
    assert exact(told) == exact(
        {
            **SEEN,
            "request.headers": sent,
            "request.method": "POST",
            "check.cache_hit": False,
            "quota.cache_hit": False,
            "destination.ip": LOCALHOST,
            "destination.port": int(port),
            "destination.uid": "kubernetes://there",
            "response.headers": headers,
            "response.code": 200,
            "request.size": 5,
            "response.size": len(answer.body),
            "request.total_size": size(came) + 5,
            "response.total_size": size({**headers, "x-there": "onex-theretwo"}) + len(answer.body),
            "context.proxy_error_code": "-",
        }
    )


def test_what_has_no_body_has_the_size_of_its_headers(front):
    answer = front.send("/", [("host", "shop")], method="HEAD")
    told = front.mixer.told()

    came = {":method": "HEAD", ":path": "/", ":authority": "shop", ":scheme": "http"}
    came["x-forwarded-proto"] = "http"
    sent = [":status200", *("".join(header) for header in answer.headers)]
    names = ("request.size", "request.total_size", "response.size", "response.total_size")
    assert [told[name] for name in names] == [0, size(came), 0, len("".join(sent))]


def test_a_denial_is_reported_with_its_own_code(front):
    precondition = front.mixer.answer.precondition
    precondition.status.code, precondition.status.message = 9, "not yet"
    precondition.valid_use_count = 10
    answers, told = [], []
    for _ in range(2):
        answers.append(front.send("/x"))
        told.append(front.mixer.told())

    assert [(answer.status, answer.body) for answer in answers] == [
        (400, b"FAILED_PRECONDITION:not yet")
    ] * 2
    names = (
        *("check.cache_hit", "quota.cache_hit", "check.error_code", "check.error_message"),
        *("response.code", "context.proxy_error_code", "destination.ip", "destination.port"),
    )
    denied = (False, 9, "FAILED_PRECONDITION:not yet", 400, "UAEX", None, None)
    assert [tuple(bag.get(name) for name in names) for bag in told] == [
        (False, *denied),
        (True, *denied),
    ]


def test_the_code_of_a_direct_response_is_not_reported_for_a_denial(front):
    front.mixer.answer.precondition.status.code = 7
    front.mixer.answer.precondition.route_directive.direct_response_code = 302
    answer = front.send("/x")
    told = front.mixer.told()

    assert answer.status == 302
    assert (told["response.code"], told["response.headers"][":status"]) == (403, "302")


@fronted(endpoint={"endpoint": {"address": NOBODY}})
def test_without_an_upstream_the_flags_say_so(front):
    answer = front.send("/x")
    told = front.mixer.told()

    assert answer.status == 503
    assert (told["response.code"], told["context.proxy_error_code"]) == (503, "UF")


@fronted(routes=(route(f"mixer-{CALLED}", "/istio.mixer.v1.Mixer/"),))
def test_the_status_of_a_grpc_call_is_reported(front):
    with grpc.insecure_channel(front.address) as channel:
        call = channel.unary_unary(
            "/istio.mixer.v1.Mixer/Report",
            ReportRequest.SerializeToString,
            ReportResponse.FromString,
        )
        call(ReportRequest())
        passed = front.mixer.told()
        unknown = channel.unary_unary("/istio.mixer.v1.Mixer/Nothing")
        with pytest.raises(grpc.RpcError):
            unknown(b"")
        failed = front.mixer.told()

    names = ("context.protocol", "response.grpc_status", "response.grpc_message")
    assert [tuple(bag[name] for name in names) for bag in (passed, failed)] == [
        ("grpc", "0", ""),
        ("grpc", "12", "Method not found!"),
    ]
    assert passed["response.headers"]["grpc-status"] == "0"


SAID = metadata(
    envoy__filters__http__rbac={
        "shadow_engine_result": "denied",
        "shadow_effective_policy_id": "strict",
        "number": 1,
    },
    istio_authn={"source.user": "ann"},
    istio__mixer={"status": "ours"},
    numbers={"one": 1},
    my__filter={"list": ["a", "b"]},
)


@fronted(filters=(SAID,))
def test_what_filters_say_is_reported_by_their_names(front):
    front.send("/x")
    asked, told = front.mixer.asked(), front.mixer.told()

    told.pop("request.headers")
    found = {name: value for name, value in told.items() if isinstance(value, dict)}
    del found["response.headers"]
    assert found == {
        "envoy.filters.http.rbac": {
            "shadow_engine_result": "denied",
            "shadow_effective_policy_id": "strict",
        },
        "istio_authn": {"source.user": "ann"},
        "my.filter": {"list": "a,b"},
    }
    assert told["rbac.permissive.response_code"] == "denied"
    assert told["rbac.permissive.effective_policy_id"] == "strict"
    assert "my.filter" not in asked


@fronted(routes=(route("upstream", "/old", prefix_rewrite="/new"),))
def test_the_path_is_reported_as_it_came(front):
    answer = front.send("/old/x?y=1")
    told = front.mixer.told()

    assert answer.echo["path"] == "/new/x?y=1"
    assert (told["request.path"], told["request.url_path"]) == ("/old/x?y=1", "/old/x")
    assert told["request.headers"][":path"] == "/old/x?y=1"
