"""Stock Envoy asks and tells a real Mixer through the filter `mixer_client`: the scenarios of
Mixer's own client."""

import json
from contextlib import ExitStack
from pathlib import Path

import pytest
import yaml

from mixer.adapter import CheckResult, DirectHttpResponse, Status
from mixer.envoy.bootstrap import cluster, grpc_cluster, route
from mixer.envoy.upstream import Upstream
from tests.e2e.authorization import mixer_at
from tests.e2e.http_message import send
from tests.e2e.mixer_client import FAIL_OPEN, configuration, guarded, guarded_by
from tests.e2e.mixer_guards import configured, guard, guards
from tests.integration.documents import document, handler, instance, rule
from tests.integration.spy import Spy

__all__ = ["guard", "guards"]  # fixtures

pytestmark = pytest.mark.envoy

TYPES = document(
    "attributemanifest",
    "reports",
    {
        "attributes": {
            "response.code": {"valueType": "INT64"},
            "check.cache_hit": {"valueType": "BOOL"},
            "quota.cache_hit": {"valueType": "BOOL"},
            "check.error_code": {"valueType": "INT64"},
            "context.proxy_error_code": {"valueType": "STRING"},
        }
    },
)
TOLD = {
    "code": "response.code",
    "check": "check.cache_hit | false",
    "quota": "quota.cache_hit | false",
    "error": "check.error_code | 0",
    "flags": "context.proxy_error_code",
    "size": "request.size",
}
RULES = (
    TYPES,
    handler("policy"),
    handler("reports"),
    instance("path", "listentry", value="request.path"),
    instance("told", "metric", value="1", dimensions=TOLD),
    rule("ask", ("policy", "path")),
    rule("tell", ("reports", "told")),
)
KEPT = CheckResult(valid_duration_s=600, valid_use_count=1000)
NOWHERE = "127.0.0.1:1"


def denial(code, **more):
    return KEPT._replace(status=Status(code=code, message="no", **more))


def told(spy, running, count=1):
    """What so many reports said, in order."""
    running.counts.wait_for("report_calls", count)
    running.counts.wait_for("remote_report_successes", 1)
    found = [dict(one.dimensions) for batch in spy.asked("reports.istio-system") for one in batch]
    assert len(found) == count
    return found


def passed(**more):
    return {
        "code": 200,
        "check": True,
        "quota": False,
        "error": 0,
        "flags": "-",
        "size": 0,
        **more,
    }


# G1, G2
@configured({"reportBatchMaxTime": "1s"})
def test_one_answer_and_one_batch_do_for_ten_requests(guard):
    spy = Spy(answers={"policy.istio-system": KEPT})
    with guard.asking(spy, RULES) as running:
        answers = [send(running.address, "/books") for _ in range(10)]
        reports = told(spy, running, 10)
        counts = running.counts.all()
        assert running.counts.add_up()

    assert {(answer.status, answer.echo["path"]) for answer in answers} == {(200, "/books")}
    assert reports == [passed(check=False), *[passed()] * 9]
    assert (counts["remote_check_calls"], counts["check_cache_hits"]) == (1, 9)
    assert (counts["report_calls"], counts["remote_report_calls"]) == (10, 1)


# G3
@configured({"disableCheckCache": True})
def test_without_a_cache_each_request_is_asked_for(guard):
    spy = Spy(answers={"policy.istio-system": KEPT})
    with guard.asking(spy, RULES) as running:
        for _ in range(10):
            send(running.address, "/books")
        assert running.counts["remote_check_calls"] == 10

    assert len(spy.asked("policy.istio-system")) == 10


def quota_of(amount):
    limit = {"name": "calls.instance.istio-system", "maxAmount": amount, "validDuration": "600s"}
    return (
        *RULES,
        handler("limits", "memquota", quotas=[limit]),
        instance("calls", "quota", dimensions={}),
        rule("limit", ("limits", "calls")),
    )


def charging(charge):
    return {"quotaSpec": [{"rules": [{"quotas": [{"quota": "calls", "charge": charge}]}]}]}


# G4
@configured({"disableQuotaCache": True}, charging(5))
def test_a_quota_that_is_used_up_is_said(guard):
    spy = Spy(answers={"policy.istio-system": KEPT})
    with guard.asking(spy, quota_of(10)) as running:
        answers = [send(running.address, "/books") for _ in range(3)]
        reports = told(spy, running, 3)
        assert running.counts.add_up()

    assert [answer.status for answer in answers] == [200, 200, 429]
    assert answers[2].body == b"RESOURCE_EXHAUSTED:Quota is exhausted for: calls"
    assert reports[2] == passed(code=429, error=8, flags="UAEX")


# G5
@configured(None, charging(1))
def test_quota_is_fetched_in_advance(guard):
    spy = Spy(answers={"policy.istio-system": KEPT})
    with guard.asking(spy, quota_of(10)) as running:
        statuses = [send(running.address, "/books").status for _ in range(20)]
        assert running.counts.add_up()
        assert running.counts["remote_quota_calls"] < 5

    assert set(statuses) == {200, 429}
    assert 7 <= statuses.count(200) <= 13


# G6
def test_a_denied_request_does_not_reach_the_upstream(guard):
    spy = Spy(answers={"policy.istio-system": denial(16)})
    with guard.asking(spy, RULES) as running:
        answer = send(running.address, "/books")
        reports = told(spy, running)
        assert running.request_count == 0

    assert (answer.status, answer.body) == (401, b"UNAUTHENTICATED:policy.istio-system:no")
    assert answer.header("content-type") == ["text/plain"]
    assert answer.header("x-there") == []
    assert reports == [passed(code=401, check=False, error=16, flags="UAEX")]


CLOSED, OPEN = configuration(), configuration(FAIL_OPEN)


# G7
@pytest.mark.parametrize(("config", "status"), [(CLOSED, 500), (OPEN, 200)], ids=["close", "open"])
def test_a_mixer_that_fails(guard, config, status):
    spy = Spy(answers={"policy.istio-system": denial(13)})
    with guard.asking(spy, RULES):
        assert send(guard.address, "/books").status == status


# G8
@pytest.mark.parametrize(("config", "status"), [(CLOSED, 503), (OPEN, 200)], ids=["close", "open"])
def test_a_mixer_that_is_not_there(guard, config, status):
    assert send(guard.address, "/books").status == status


def operation(name, *values, kind="REPLACE"):
    return {"name": name, "operation": kind, "values": [f'"{value}"' for value in values]}


def rewriting(request=(), response=()):
    if not (request or response):
        return RULES
    rewrite = rule(
        "rewrite",
        requestHeaderOperations=list(request),
        responseHeaderOperations=list(response),
    )
    return (*RULES, rewrite)


COOKIES = [operation("set-cookie", "a=1", "b=2", kind="APPEND")]
REDIRECT = DirectHttpResponse(code=301, body="moved", headers={"location": "/there"})
PASSED = (200, "one", "/books", [])
# By case: the policy's answer, its operations, and status, `x-there`, path and cookies.
DIRECTIVES = {
    "pseudo header": (KEPT, ([operation(":path", "/films")], ()), (200, "one", "/films", [])),
    "request": (KEPT, ([operation("x-user", "bob")], ()), PASSED),
    "response": (KEPT, ((), [operation("x-there", "two")]), (200, "two", "/books", [])),
    "both": (
        KEPT,
        ([operation(":path", "/films")], [operation("x-there", kind="REMOVE")]),
        (200, None, "/films", []),
    ),
    "cookies": (KEPT, ((), COOKIES), (200, "one", "/books", ["a=1", "b=2"])),
    "denial": (denial(7), ((), COOKIES), (403, None, None, [])),
    "direct response": (
        denial(7, direct_response=DirectHttpResponse(code=503)),
        (),
        (503, None, None, []),
    ),
    "redirect": (denial(7, direct_response=REDIRECT), (), (301, None, None, [])),
}


# G9: each is done twice, the second time from the cache
@pytest.mark.parametrize("case", DIRECTIVES)
def test_what_a_verdict_says_beside_yes_and_no(guard, case):
    answer, operations, wanted = DIRECTIVES[case]
    spy = Spy(answers={"policy.istio-system": answer})
    with guard.asking(spy, rewriting(*operations)) as running:
        for _ in range(2):
            found = send(running.address, "/books")
            is_passed = found.status == 200
            assert (
                found.status,
                next(iter(found.header("x-there")), None),
                found.echo["path"] if is_passed else None,
                found.header("set-cookie"),
            ) == wanted
            if case == "request":
                assert found.received("x-user") == ["bob"]
            if case == "redirect":
                assert (found.header("location"), found.body) == (["/there"], b"moved")
        counts = running.counts.all()
    assert (counts["check_calls"], counts["remote_check_calls"]) == (2, 1)


def test_a_route_is_chosen_anew_when_headers_have_changed(tmp_path):
    spy = Spy(answers={"policy.istio-system": KEPT})
    documents = rewriting([operation("x-version", "2")])
    matching = {"prefix": "/", "headers": [{"name": "x-version", "string_match": {"exact": "2"}}]}
    routes = [route("second") | {"match": matching}, route("upstream")]
    with Upstream([("x-there", "two")]) as second:
        clusters = [cluster("second", second.address)]
        more = {"routes": routes, "clusters": clusters}
        with guarded(tmp_path, spy, documents, **more) as running:
            answers = [send(running.address, "/books") for _ in range(2)]

    assert [answer.header("x-there") for answer in answers] == [["two"]] * 2


@pytest.mark.parametrize(
    ("config", "calls"),
    [
        (configuration(None, {"disableCheckCalls": True}), {"report_calls": 1}),
        (configuration(None, {"disableReportCalls": True}), {"check_calls": 1, "denied": 1}),
        (configuration(defaultDestinationService=""), {}),
    ],
    ids=["checks", "reports", "both"],
)
def test_what_is_disabled_is_not_done(guard, config, calls):
    spy = Spy(answers={"policy.istio-system": denial(7)})
    with guard.asking(spy, RULES) as running:
        status = send(running.address, "/books").status
        if "report_calls" in calls:
            running.counts.wait_for("report_calls", 1)
        counts = running.counts.all()

    assert status == (403 if "denied" in calls else 200)
    assert counts.get("check_calls", 0) == calls.get("check_calls", 0)
    assert counts.get("report_calls", 0) == calls.get("report_calls", 0)


def test_access_logs_can_tell_why_a_request_was_denied(tmp_path):
    file = tmp_path / "log"
    line = "%RESPONSE_CODE_DETAILS% %FILTER_STATE(wasm.istio.mixer.status:PLAIN)%\n"
    log = {
        "name": "file",
        "typed_config": {
            "@type": "type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog",
            "path": str(file),
            "log_format": {"text_format_source": {"inline_string": line}},
        },
    }
    spy = Spy(answers={"policy.istio-system": denial(7)})
    with guarded(tmp_path, spy, RULES, access_log=[log]) as running:
        send(running.address, "/books")

    assert file.read_text() == "mixer_access_denied PERMISSION_DENIED:policy.istio-system:no\n"


def test_the_example_for_istio_asks_a_mixer(tmp_path):
    file = Path(__file__).parents[2] / "examples/istio/wasm-plugin-mixer-client.yaml"
    # Istio makes text of it.
    config = yaml.safe_load(file.read_text())["spec"]["pluginConfig"]
    name = config["transport"]["check_cluster"]
    spy = Spy(answers={"policy.istio-system": denial(7)})
    with ExitStack() as stack:
        mixer = stack.enter_context(mixer_at(tmp_path, spy, *RULES))
        clusters = [grpc_cluster(name, mixer)]
        text = json.dumps(config, sort_keys=True)
        running = stack.enter_context(guarded_by(NOWHERE, text, clusters=clusters))
        assert send(running.address, "/books").status == 403
        assert running.counts["remote_call_successes"] == 1
