"""The service over a real channel: how each outcome is said on the wire."""

import threading

import grpc
import pytest

from mixer import monitoring
from mixer.adapter import CheckResult, Status
from mixer.adapter.testing import FakeClock
from mixer.api.throttle import Throttle, ThrottleMode, ThrottleOptions
from protos.mixer.v1 import mixer_pb2
from tests.integration.documents import handler, instance, rule
from tests.integration.spy import Spy, runtime_of
from tests.integration.wire import (
    CHECK,
    REPORT,
    check_request,
    client_of,
    report_request,
    transport_of,
)
from tests.patience import SOON_S

EVERYTHING = (
    handler("c"),
    handler("g"),
    handler("s"),
    instance("i"),
    instance("seen", "reportnothing"),
    rule("r", ("c", "i"), ("s", "seen")),
)


@pytest.fixture
def served(tmp_path):
    """A spy, and a client of the server that asks it."""
    spy = Spy()
    runtime = runtime_of(spy, *EVERYTHING)
    with transport_of(runtime, tmp_path) as transport, client_of(transport.address) as client:
        yield spy, client


class MuteError(Exception):
    """Its text can't be had."""

    def __str__(self):
        raise RuntimeError


CHECK_FAULTS = [
    (ValueError("broken"), "INTERNAL", "performing check operation failed: "),
    (None, "INTERNAL", "performing check operation failed: "),
    # what no guard foresees is still only this request's failure, and no secrets are told
    (CheckResult(status="denied"), "INTERNAL", "internal error"),
    (CheckResult(valid_duration_s=float("inf"), valid_use_count=1), "INTERNAL", "internal error"),
    (CheckResult(valid_use_count=1 << 40), "INTERNAL", "internal error"),
    (CheckResult(status=Status(code=7, message="\ud800")), "INTERNAL", "internal error"),
]


@pytest.mark.parametrize(("answer", "code", "text"), CHECK_FAULTS)
def test_a_handler_s_fault_costs_one_check(served, answer, code, text):
    spy, client = served
    spy.answers["c.istio-system"] = answer

    found_code, found_text = client.send(CHECK, check_request({}))
    spy.answers.clear()

    assert found_code == code
    assert found_text.startswith(text)
    assert client.check({}).precondition.status.code == 0


@pytest.mark.parametrize("answer", [ValueError("broken"), "not None", MuteError()])
def test_a_handler_s_fault_costs_one_report(served, answer):
    spy, client = served
    spy.answers["s.istio-system"] = answer

    code, _ = client.send(REPORT, report_request({}))
    spy.answers.clear()

    assert code in {"UNKNOWN", "INTERNAL"}
    assert client.send(REPORT, report_request({})) == b""


def test_a_handler_that_wants_to_end_the_process_costs_one_request(tmp_path):
    spy = Spy(answers={"c.istio-system": SystemExit(1)})
    runtime = runtime_of(spy, *EVERYTHING)
    with (
        transport_of(runtime, tmp_path, worker_threads=1) as transport,
        client_of(transport.address) as client,
    ):
        call = client.channel.unary_unary(CHECK)
        codes = []
        for answer in (SystemExit(1), CheckResult()):
            spy.answers["c.istio-system"] = answer
            codes.append(call.future(check_request({}), timeout=SOON_S).code())
    assert codes == [grpc.StatusCode.INTERNAL, grpc.StatusCode.OK]


def test_a_denial_is_an_answer(served):
    spy, client = served
    spy.answers["c.istio-system"] = CheckResult(status=Status(code=13, message="x"))
    assert client.check({}).precondition.status.code == 13


def test_other_methods_and_services_are_not_there(served):
    _, client = served
    for path in ("/istio.mixer.v1.Mixer/Quota", "/istio.mixer.v2.Mixer/Check", "/x"):
        assert client.send(path, b"")[0] == "UNIMPLEMENTED"


def test_bytes_that_are_no_request_are_an_internal_error(served):
    _, client = served
    for method in (CHECK, REPORT):
        code, text = client.send(method, b"\x0a\xff")
        assert code == "INTERNAL"
        assert text.startswith("error unmarshalling request")
    assert isinstance(client.send(CHECK, b""), bytes)


def test_a_client_that_goes_away_stops_nobody(served):
    spy, client = served
    entered, leave = threading.Event(), threading.Event()

    def block(_instance):
        entered.set()
        leave.wait(SOON_S)
        return CheckResult()

    spy.answers["c.istio-system"] = block
    call = client.channel.unary_unary(CHECK).future(check_request({}))
    assert entered.wait(SOON_S)
    call.cancel()
    leave.set()
    spy.answers.clear()

    assert call.code() is grpc.StatusCode.CANCELLED
    assert client.check({}).precondition.status.code == 0


def test_a_deadline_ends_the_wait_of_the_client(served):
    spy, client = served
    leave = threading.Event()
    spy.answers["c.istio-system"] = lambda _: (leave.wait(SOON_S), CheckResult())[1]

    with pytest.raises(grpc.RpcError) as raised:
        client.channel.unary_unary(CHECK)(check_request({}), timeout=0.05)
    leave.set()

    assert raised.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED
    assert client.check({}).precondition.status.code == 0


def test_a_slow_request_does_not_hold_up_others(served):
    spy, client = served
    entered, leave = threading.Event(), threading.Event()

    def block(_instance):
        if not entered.is_set():
            entered.set()
            leave.wait(SOON_S)
        return CheckResult()

    spy.answers["c.istio-system"] = block
    slow = client.channel.unary_unary(CHECK).future(check_request({}))
    assert entered.wait(SOON_S)
    client.check({})
    assert not slow.done()
    leave.set()
    assert isinstance(slow.result(SOON_S), bytes)


@pytest.mark.parametrize(
    "mode", [ThrottleMode.ENFORCE, ThrottleMode.LOGONLY, ThrottleMode.DISABLED]
)
def test_an_overloaded_server_says_so(tmp_path, mode):
    clock = FakeClock()
    options = ThrottleOptions(mode=mode, max_requests_per_second=2, burst_size=2)
    throttle = Throttle(options, clock.clock)
    runtime = runtime_of(Spy(), *EVERYTHING)
    with (
        transport_of(runtime, tmp_path, throttle) as transport,
        client_of(transport.address) as client,
    ):
        answers = [client.send(CHECK, check_request({})) for _ in range(3)]
        reported = client.send(REPORT, report_request({}))
        clock.advance(1)
        later = client.send(CHECK, check_request({}))

    refused = ("UNAVAILABLE", "Server is currently overloaded. Please try again.")
    is_enforced = mode is ThrottleMode.ENFORCE
    assert [answer == refused for answer in answers] == [False, False, is_enforced]
    assert (reported == refused) is is_enforced
    assert isinstance(later, bytes)


def value(metric, *labels):
    return metric.labels(*labels)._value.get()


def test_requests_are_counted_by_method_and_status(served):
    spy, client = served
    check = "istio.mixer.v1.Mixer/Check"
    before = [value(monitoring.REQUESTS, check, status) for status in ("OK", "INTERNAL")]

    client.check({})
    client.send(CHECK, b"\x0a\xff")
    spy.answers["c.istio-system"] = ValueError()
    client.send(CHECK, check_request({}))

    after = [value(monitoring.REQUESTS, check, status) for status in ("OK", "INTERNAL")]
    assert [now - then for now, then in zip(after, before, strict=True)] == [1, 2]


def test_answers_of_threads_are_their_own(served):
    spy, client = served
    spy.answers["c.istio-system"] = CheckResult(valid_use_count=3)
    amounts = {}

    def ask(number):
        quotas = {"rc": mixer_pb2.CheckRequest.QuotaParams(amount=number)}
        amounts[number] = [
            client.check({}, quotas=quotas).quotas["rc"].granted_amount for _ in range(20)
        ]

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert amounts == {number: [number] * 20 for number in range(1, 9)}
