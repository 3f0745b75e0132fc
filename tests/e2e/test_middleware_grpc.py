"""A gRPC server asks a real Mixer before it calls a method."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from operator import itemgetter

import grpc
import pytest

from mixer.adapter import CheckResult, Status
from proxy_client.client import MixerClient
from proxy_client.grpc_server import MixerInterceptor
from proxy_client.http.filter import FilterOptions
from proxy_client.options import ClientOptions, FailMode
from proxy_client.quota.charge import QuotaCharge
from proxy_client.quota.spec import QuotaRule, QuotaSpec
from tests.e2e.authorization import mixer_at
from tests.integration.documents import document, handler, instance, rule
from tests.integration.spy import Spy
from tests.patience import SOON_S

KEPT = CheckResult(valid_duration_s=600, valid_use_count=1000)
TYPES = document(
    "attributemanifest",
    "calls",
    {
        "attributes": {
            "api.service": {"valueType": "STRING"},
            "api.operation": {"valueType": "STRING"},
            "check.cache_hit": {"valueType": "BOOL"},
            "response.grpc_status": {"valueType": "STRING"},
            "response.grpc_message": {"valueType": "STRING"},
        }
    },
)
TOLD = {
    "hit": "check.cache_hit",
    "status": "response.grpc_status",
    "message": "response.grpc_message",
    "size": "request.size",
}
LIMIT = {"name": "calls.instance.istio-system", "maxAmount": 2, "validDuration": "600s"}
RULES = (
    TYPES,
    handler("policy"),
    handler("reports"),
    handler("limits", "memquota", quotas=[LIMIT]),
    instance(
        "method", "listentry", value='context.protocol + ":" + api.service + "/" + api.operation'
    ),
    instance("told", "metric", value="1", dimensions=TOLD),
    instance("calls", "quota", dimensions={}),
    rule("ask", ("policy", "method")),
    rule("limit", ("limits", "calls")),
    rule("tell", ("reports", "told")),
)
DEFAULTS = FilterOptions()


@contextmanager
def serving(client, options=DEFAULTS):
    """Calls the only method of a server that asks with `client`."""
    with ThreadPoolExecutor(2) as pool:
        server = grpc.server(pool, interceptors=[MixerInterceptor(client, options)])
        handlers = {"Read": grpc.unary_unary_rpc_method_handler(lambda request, context: request)}
        server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("Books", handlers),))
        port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        try:
            with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
                yield lambda: answer(channel.unary_unary("/Books/Read"))
        finally:
            server.stop(None).wait()


def answer(method):
    try:
        return method(b"hello", timeout=SOON_S)
    except grpc.RpcError as error:
        return error.code(), error.details()


@pytest.fixture
def asked(tmp_path):
    """A Mixer and a client of it."""

    @contextmanager
    def start(answer, **options):
        spy = Spy(answers={"policy.istio-system": answer})
        with (
            mixer_at(tmp_path, spy, *RULES) as mixer,
            MixerClient(mixer, ClientOptions(**options)) as client,
        ):
            yield spy, client

    return start


def told(spy, client):
    """What the reports said, in any order; all are made once the server has stopped."""
    assert client.flush()
    return [dict(one.dimensions) for batch in spy.asked("reports.istio-system") for one in batch]


# G1, G2
def test_one_answer_does_for_ten_calls(asked):
    with asked(KEPT) as (spy, client):
        with serving(client) as call:
            assert [call() for _ in range(10)] == [b"hello"] * 10
        reports = told(spy, client)

    assert [one.value for one in spy.asked("policy.istio-system")] == ["grpc:Books/Read"]
    ended = {"status": "0", "message": "", "size": 5}
    assert sorted(reports, key=itemgetter("hit")) == [
        {"hit": False, **ended},
        *[{"hit": True, **ended}] * 9,
    ]


# G6
def test_a_denied_call_ends_with_the_code_and_message_of_the_policy(asked):
    with asked(KEPT._replace(status=Status(code=16, message="who?"))) as (spy, client):
        with serving(client) as call:
            assert call() == (grpc.StatusCode.UNAUTHENTICATED, "policy.istio-system:who?")
        reports = told(spy, client)

    message = "policy.istio-system:who?"
    assert reports == [{"hit": False, "status": "16", "message": message, "size": 5}]


# G4
def test_a_quota_that_is_used_up_is_said(asked):
    options = FilterOptions(quota_specs=[QuotaSpec([QuotaRule(quotas=[QuotaCharge("calls")])])])
    with asked(KEPT, quota_cache_entries=0) as (_, client), serving(client, options) as call:
        answers = [call() for _ in range(3)]

    exhausted = (grpc.StatusCode.RESOURCE_EXHAUSTED, "Quota is exhausted for: calls")
    assert answers == [b"hello", b"hello", exhausted]


# G8
@pytest.mark.parametrize(("mode", "is_passed"), [(FailMode.OPEN, True), (FailMode.CLOSED, False)])
def test_a_mixer_that_is_not_there(mode, is_passed):
    options = ClientOptions(check_fail_mode=mode)
    with MixerClient("127.0.0.1:1", options) as client, serving(client) as call:
        found = call()

    assert found == b"hello" if is_passed else found[0] is grpc.StatusCode.UNAVAILABLE
