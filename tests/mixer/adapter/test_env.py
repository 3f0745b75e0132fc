"""What Mixer lends to a handler."""

import logging
import threading

from mixer.adapter import Env
from mixer.adapter.env import Clock, ThreadScheduler
from mixer.adapter.testing import FakeClock, FakeScheduler
from tests.patience import SOON_S

"""Far more than anything here takes; a test that waits this long has failed."""


def test_the_default_clock_is_the_machines():
    clock = Clock()
    assert clock.monotonic() <= clock.monotonic()
    assert clock.now_ns() > 1_700_000_000_000_000_000


def test_a_handlers_logger_names_the_handler(caplog):
    env = Env(handler="quotas.istio-system", scheduler=FakeScheduler(FakeClock()))
    with caplog.at_level(logging.INFO):
        env.logger.info("ready")
    assert [(r.name, r.getMessage(), r.handler) for r in caplog.records] == [
        ("adapters", "ready", "quotas.istio-system")
    ]


def test_a_thread_scheduler_runs_work_again_and_again():
    scheduler = ThreadScheduler("test")
    seen: list[int] = []
    thrice = threading.Event()

    def work() -> None:
        seen.append(len(seen))
        if len(seen) == 3:
            thrice.set()

    scheduler.every(0.001, work)
    assert thrice.wait(SOON_S)
    scheduler.close()
    count = len(seen)
    assert seen == list(range(count))


def test_close_waits_for_work_that_is_under_way():
    scheduler = ThreadScheduler("test")
    started, release, done = threading.Event(), threading.Event(), threading.Event()

    def work() -> None:
        started.set()
        release.wait(SOON_S)
        done.set()

    scheduler.every(0.001, work)
    assert started.wait(SOON_S)
    closing = threading.Thread(target=scheduler.close)
    closing.start()
    assert closing.is_alive()
    release.set()
    closing.join(SOON_S)
    assert done.is_set()


def test_work_that_raises_is_logged_and_comes_again(caplog):
    scheduler = ThreadScheduler("lists.ns")
    twice = threading.Event()
    calls: list[int] = []

    def work() -> None:
        calls.append(1)
        if len(calls) == 2:
            twice.set()
        raise ValueError("no luck")

    scheduler.every(0.001, work)
    assert twice.wait(SOON_S)
    scheduler.close()
    assert caplog.records[0].getMessage() == "regular work of handler lists.ns failed"


def test_work_may_close_its_own_scheduler():
    scheduler = ThreadScheduler("test")
    closed = threading.Event()

    def work() -> None:
        scheduler.close()
        closed.set()

    scheduler.every(0.001, work)
    assert closed.wait(SOON_S)
