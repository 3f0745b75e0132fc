"""Handlers that block are bounded: each alone, by its configuration."""

import threading
import time
from contextlib import contextmanager
from dataclasses import replace

import pytest
from prometheus_client import REGISTRY

from mixer.adapter import CheckResult, Status, UnavailableError
from mixer.adapter.testing import FakeClock
from mixer.attribute.bag import MappingBag
from mixer.attribute.value import Duration
from mixer.errors import ConfigErrors, DispatchError
from mixer.isolation.isolation import Isolation
from mixer.isolation.options import IsolationOptions
from mixer.runtime import Runtime
from tests.integration.documents import contents, document, handler, instance, rule
from tests.integration.spy import Registry, Spy, runtime_of
from tests.patience import SOON_S

QUICK = Duration.parse("40ms")


@pytest.fixture
def time_in_hand():
    return FakeClock()


@pytest.fixture
def isolate(time_in_hand, request):
    """Makes a method isolated; what the bounds are is said by keyword."""
    made = []

    def make(method, **bounds):
        options = IsolationOptions(**bounds)
        name = f"{request.node.name}.ns"
        made.append(Isolation(name, options, time_in_hand.clock.monotonic))
        return made[-1].around(method)

    yield make
    for isolation in made:
        isolation.close()


@pytest.fixture
def hang():
    """A method that hangs until the test is over."""
    over = threading.Event()
    yield lambda *_: over.wait(SOON_S)
    over.set()


def measured(name, request, **labels):
    return REGISTRY.get_sample_value(name, {"handler": f"{request.node.name}.ns", **labels}) or 0


def test_an_answer_comes_through(isolate):
    assert isolate(divmod)(7, 2) == (3, 1)


def test_an_error_comes_through(isolate):
    with pytest.raises(ZeroDivisionError):
        isolate(divmod)(7, 0)


def test_nobody_waits_longer_than_the_deadline(isolate, hang, request):
    start = time.monotonic()
    with pytest.raises(UnavailableError, match=r"^no answer within 0\.04 s$"):
        isolate(hang, timeout=QUICK)()
    assert time.monotonic() - start < SOON_S / 2
    assert measured("mixer_handler_calls_timed_out_total", request) == 1


def test_when_all_threads_hang_and_the_queue_is_full_calls_are_refused_at_once(
    isolate, hang, request
):
    isolated = isolate(hang, max_concurrent=1, max_waiting=0, timeout=QUICK)
    with pytest.raises(UnavailableError, match="no answer"):
        isolated()
    with pytest.raises(UnavailableError, match="too many calls wait already"):
        isolated()
    assert measured("mixer_handler_calls_refused_total", request, reason="queue") == 1


@pytest.mark.parametrize("error", [UnavailableError("down"), ConnectionResetError("gone")])
def test_who_is_down_is_not_asked_for_a_while(isolate, time_in_hand, request, error):
    calls = []

    def fail():
        calls.append(1)
        raise error

    isolated = isolate(fail, breaker_failures=2)
    for _ in range(2):
        with pytest.raises(type(error)):
            isolated()
    with pytest.raises(UnavailableError, match=r"^failed too often, is asked again in 5\.0 s$"):
        isolated()
    assert len(calls) == 2
    assert measured("mixer_handler_breaker_open", request) == 1
    assert measured("mixer_handler_calls_refused_total", request, reason="breaker") == 1
    time_in_hand.advance(5)
    with pytest.raises(type(error)):
        isolated()
    assert len(calls) == 3


def test_who_is_back_is_asked_again(isolate, time_in_hand, request):
    answers = [OSError("down"), None, None]

    def answer():
        if error := answers.pop(0):
            raise error
        return "here"

    isolated = isolate(answer, breaker_failures=1)
    with pytest.raises(OSError, match="down"):
        isolated()
    time_in_hand.advance(5)
    assert [isolated(), isolated()] == ["here", "here"]
    assert measured("mixer_handler_breaker_open", request) == 0


def test_who_makes_no_sense_of_a_request_is_not_down(isolate):
    isolated = isolate(int, breaker_failures=1)
    for _ in range(3):
        with pytest.raises(ValueError, match="invalid literal"):
            isolated("x")
    assert isolated("7") == 7


def test_a_request_that_waits_lends_its_server_a_thread(time_in_hand, hang):
    lent = []

    @contextmanager
    def lend():
        lent.append("lent")
        yield
        lent.append("given back")

    options = IsolationOptions(timeout=QUICK)
    isolation = Isolation("lending.ns", options, time_in_hand.clock.monotonic, lend)
    assert isolation.around(lambda: "at once")() == "at once"
    with pytest.raises(UnavailableError):
        isolation.around(hang)()
    isolation.close()
    assert lent == ["lent", "given back"]


BAD = [
    ({"timeout": "0s"}, "timeout must be more than 0"),
    ({"maxConcurrent": 0}, "maxConcurrent must be from 1 to 256"),
    ({"maxConcurrent": 257}, "maxConcurrent must be from 1 to 256"),
    ({"maxWaiting": -1}, "maxWaiting must be from 0 to 10000"),
    ({"breakerFailures": -1}, "breakerFailures must not be negative"),
    ({"breakerPause": "0s"}, "breakerPause must be more than 0"),
    ({"tries": 3}, 'unknown field "tries"'),
]


@pytest.mark.parametrize(("isolation", "complaint"), BAD)
def test_bounds_that_make_no_sense_are_refused_by_their_place(isolation, complaint):
    with pytest.raises(ConfigErrors) as raised:
        runtime_of(Spy(), *policy(isolation=isolation))
    assert "handler/istio-system/h: isolation" in str(raised.value)
    assert complaint in str(raised.value)


def policy(**spec):
    """A handler `h`, of the adapter spy unless it is said, that one rule asks."""
    bounded = document("handler", "h", {"compiledAdapter": "spy", **spec})
    return bounded, instance("i"), rule("r", ("h", "i"), onError="fail")


def test_a_handler_that_is_given_bounds_has_them(hang):
    spy = Spy(answers={"h.istio-system": hang})
    dispatcher = runtime_of(spy, *policy(isolation={"timeout": "0.04s"})).dispatcher
    with pytest.raises(
        DispatchError, match=r"h\.istio-system: UnavailableError: no answer within 0\.04 s"
    ):
        dispatcher.check(MappingBag({}))


def blocking(spy):
    """The same adapter, which says of itself that it may block."""
    return replace(spy.info, may_block=True)


def thread_of_answer(info, spy):
    threads = []

    def answer(_):
        threads.append(threading.current_thread())
        return CheckResult(status=Status(code=7))

    spy.answers["h.istio-system"] = answer
    runtime = Runtime(Registry(info))
    runtime.apply(contents(*policy()))
    assert runtime.dispatcher.check(MappingBag({})).status.code == 7
    assert runtime.close()
    return threads[0]


def test_an_adapter_that_may_block_is_bounded_by_itself():
    spy = Spy()
    assert thread_of_answer(blocking(spy), spy).name == "mixer-h.istio-system"
    assert thread_of_answer(spy.info, spy) is threading.current_thread()


def test_a_handler_that_hangs_costs_no_other_handler_anything(hang):
    spy = Spy(answers={"h.istio-system": hang, "ok.istio-system": CheckResult(Status(code=7))})
    slow = policy(isolation={"timeout": "0.04s", "maxConcurrent": 1, "maxWaiting": 0})
    rules = (
        rule("r", ("h", "i"), match='source.name == "slow"'),
        rule("other", ("ok", "i"), match='source.name == "quick"'),
    )
    dispatcher = runtime_of(spy, *slow[:2], handler("ok"), *rules).dispatcher
    for _ in range(10):
        assert dispatcher.check(MappingBag({"source.name": "slow"})).status.code == 14
        assert dispatcher.check(MappingBag({"source.name": "quick"})).status.code == 7
