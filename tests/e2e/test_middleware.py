"""Web applications ask a real Mixer, through the middlewares; each test runs with each of them."""

import threading
from contextlib import ExitStack

import pytest

from mixer.adapter import CheckResult, DirectHttpResponse, Status
from proxy_client.client import MixerClient
from proxy_client.http.filter import FilterOptions
from proxy_client.options import ClientOptions, FailMode
from proxy_client.quota.charge import QuotaCharge
from proxy_client.quota.spec import QuotaRule, QuotaSpec
from tests.e2e.authorization import mixer_at
from tests.e2e.http_message import send
from tests.e2e.mixers import demo_mixer
from tests.e2e.web_servers import flask_, starlette
from tests.integration.documents import document, handler, instance, rule
from tests.integration.spy import Spy
from tests.patience import SOON_S

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
    "check": "check.cache_hit",
    "quota": "quota.cache_hit",
    "error": "check.error_code | 0",
    "flags": "context.proxy_error_code",
    "size": "request.size",
}
RULES = (
    handler("policy"),
    handler("reports"),
    instance("path", "listentry", value="request.path"),
    instance("told", "metric", value="1", dimensions=TOLD),
    rule("ask", ("policy", "path")),
    rule("tell", ("reports", "told")),
)
KEPT = CheckResult(valid_duration_s=600, valid_use_count=1000)
NOWHERE = "127.0.0.1:1"
DEFAULTS = FilterOptions()


class ReportingClient(MixerClient):
    """A client whose reports can be waited for."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.reported = threading.Semaphore(0)

    def report(self, attributes):
        super().report(attributes)
        self.reported.release()


@pytest.fixture(params=[starlette, flask_])
def guarded(request, tmp_path):
    """Starts an application that asks a Mixer; gives the client that it uses and its address."""
    with ExitStack() as stack:

        def start(mixer, options=DEFAULTS, **client_options):
            client = stack.enter_context(ReportingClient(mixer, ClientOptions(**client_options)))
            return client, stack.enter_context(request.param(client, options))

        yield start


@pytest.fixture
def asked(tmp_path):
    """Starts a Mixer whose policy is a spy."""
    with ExitStack() as stack:

        def start(answer, *documents):
            spy = Spy(answers={"policy.istio-system": answer})
            documents = documents or RULES
            return spy, stack.enter_context(mixer_at(tmp_path, spy, TYPES, *documents))

        yield start


def denial(code, **more):
    return KEPT._replace(status=Status(code=code, message="no", **more))


def send_and_report(client, address, path="/books", **more):
    """The answer to a request, when its report has been made, which comes after the answer.

    The reports of requests that did not wait for that could be in any order.
    """
    answer = send(address, path, **more)
    assert client.reported.acquire(timeout=SOON_S)
    return answer


def told(spy, client):
    """What the reports said that have been made, in order."""
    assert client.flush()
    return [dict(one.dimensions) for batch in spy.asked("reports.istio-system") for one in batch]


def passed(**more):
    return {"code": 200, "check": True, "quota": False, "error": 0, "flags": "-", "size": 0, **more}


# G1, G2
def test_one_answer_and_one_batch_do_for_ten_requests(guarded, asked):
    spy, mixer = asked(KEPT)
    client, address = guarded(mixer, report_batch_s=60)
    answers = [send_and_report(client, address) for _ in range(10)]

    assert {(answer.status, answer.echo["path"]) for answer in answers} == {(200, "/books")}
    assert told(spy, client) == [passed(check=False), *[passed()] * 9]
    counts = client.statistics
    assert (counts.total_remote_check_calls, counts.total_check_cache_hits) == (1, 9)
    assert (counts.total_report_calls, counts.total_remote_report_calls) == (10, 1)


# G3
def test_without_a_cache_each_request_is_asked_for(guarded, asked):
    spy, mixer = asked(KEPT)
    client, address = guarded(mixer, check_cache_entries=0)
    for _ in range(10):
        send(address, "/books")

    assert client.statistics.total_remote_check_calls == 10
    assert len(spy.asked("policy.istio-system")) == 10


def quota_of(amount):
    limit = {"name": "calls.instance.istio-system", "maxAmount": amount, "validDuration": "600s"}
    return (
        *RULES,
        handler("limits", "memquota", quotas=[limit]),
        instance("calls", "quota", dimensions={}),
        rule("limit", ("limits", "calls")),
    )


# G4
def test_a_quota_that_is_used_up_is_said(guarded, asked):
    spy, mixer = asked(KEPT, *quota_of(10))
    spec = QuotaSpec([QuotaRule(quotas=[QuotaCharge("calls", 5)])])
    client, address = guarded(mixer, FilterOptions(quota_specs=[spec]), quota_cache_entries=0)
    answers = [send_and_report(client, address) for _ in range(3)]

    assert [answer.status for answer in answers] == [200, 200, 429]
    assert answers[2].body == b"RESOURCE_EXHAUSTED:Quota is exhausted for: calls"
    assert told(spy, client)[2] == passed(code=429, error=8, flags="UAEX")


# G5
def test_quota_is_fetched_in_advance(guarded, asked):
    _, mixer = asked(KEPT, *quota_of(10))
    spec = QuotaSpec([QuotaRule(quotas=[QuotaCharge("calls")])])
    client, address = guarded(mixer, FilterOptions(quota_specs=[spec]))
    statuses = [send(address, "/books").status for _ in range(20)]

    assert set(statuses) == {200, 429}
    assert 7 <= statuses.count(200) <= 13
    assert client.statistics.total_remote_quota_calls < 5


# G6
def test_a_denied_request_does_not_reach_the_application(guarded, asked):
    spy, mixer = asked(denial(16))
    client, address = guarded(mixer)
    answer = send_and_report(client, address, method="POST", body=b"hello")

    assert (answer.status, answer.body) == (401, b"UNAUTHENTICATED:policy.istio-system:no")
    assert answer.header("content-type") == ["text/plain"]
    assert answer.header("x-there") == []
    assert told(spy, client) == [passed(code=401, check=False, error=16, flags="UAEX")]


# G6
def test_an_error_of_the_application_is_its_own(guarded, asked):
    spy, mixer = asked(KEPT)
    client, address = guarded(mixer)
    answer = send_and_report(client, address, "/bad", method="POST", body=b"hello")

    assert answer.status == 400
    assert told(spy, client) == [passed(code=400, check=False, size=5)]


MODES = [(FailMode.OPEN, 200), (FailMode.CLOSED, 500)]


# G7
@pytest.mark.parametrize(("mode", "status"), MODES)
def test_a_mixer_that_fails(guarded, asked, mode, status):
    _, mixer = asked(denial(13))
    _, address = guarded(mixer, check_fail_mode=mode)

    assert send(address, "/books").status == status


# G8
@pytest.mark.parametrize(("mode", "status"), [(FailMode.OPEN, 200), (FailMode.CLOSED, 503)])
def test_a_mixer_that_is_not_there(guarded, mode, status):
    _, address = guarded(NOWHERE, check_fail_mode=mode)

    assert send(address, "/books").status == status


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
def test_what_a_verdict_says_beside_yes_and_no(guarded, asked, case):
    answer, operations, wanted = DIRECTIVES[case]
    _, mixer = asked(answer, *rewriting(*operations))
    client, address = guarded(mixer)

    for _ in range(2):
        found = send(address, "/books")
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
    counts = client.statistics
    assert (counts.total_check_calls, counts.total_remote_check_calls) == (2, 1)


def test_the_demo_policy_is_enforced(guarded, tmp_path):
    with demo_mixer(tmp_path) as mixer:
        _, address = guarded(mixer.address)
        allowed = send(address, "/reviews")
        denied = send(address, "/reviews", [("x-demo-deny", "yes")])

    assert (allowed.status, denied.status) == (200, 403)


def test_bodies_are_counted(guarded, asked):
    spy, mixer = asked(KEPT)
    client, address = guarded(mixer)
    sizes = [0, 1, 100_000]
    answers = [send_and_report(client, address, method="POST", body=b"x" * size) for size in sizes]

    assert [answer.echo["body_size"] for answer in answers] == sizes
    assert [report["size"] for report in told(spy, client)] == sizes
