"""The thread is real; its clock is moved by the tests."""

import queue
import threading

import pytest

from proxy_client.timers import Timers
from tests.patience import SOON_S


class Waiting(threading.Condition):
    """Waits until notified: the time of this computer does not count."""

    def wait(self, timeout=None):
        return super().wait(SOON_S)


class Time:
    def __init__(self):
        self.now_s = 100.0
        self.condition = Waiting()

    def advance(self, seconds):
        with self.condition:
            self.now_s += seconds
            self.condition.notify_all()


@pytest.fixture
def time():
    return Time()


@pytest.fixture
def timers(time):
    timers = Timers(lambda: time.now_s, lambda: time.condition)
    yield timers
    timers.close()


@pytest.fixture
def made():
    """The names of the calls that were made."""
    return queue.Queue()


def test_calls_are_made_when_they_are_due_in_that_order(timers, time, made):
    timers.start(2, lambda: made.put("second"))
    timers.start(1, lambda: made.put("first"))
    timers.start(9, lambda: made.put("last"))
    assert made.empty()

    time.advance(5)

    assert [made.get(timeout=SOON_S), made.get(timeout=SOON_S)] == ["first", "second"]
    assert made.empty()


def test_what_is_called_off_is_not_made(timers, time, made):
    cancel = timers.start(1, lambda: made.put("cancelled"))
    timers.start(2, lambda: made.put("other"))

    cancel()
    time.advance(5)

    assert made.get(timeout=SOON_S) == "other"
    assert made.empty()


def test_one_thread_makes_all_calls(timers, time, made):
    for _ in range(1000):
        timers.start(1, lambda: made.put(threading.current_thread()))

    time.advance(1)

    assert len({made.get(timeout=SOON_S) for _ in range(1000)}) == 1


def test_closing_makes_what_waits_and_later_calls_at_once(timers, made):
    timers.start(60, lambda: made.put("waiting"))
    timers.start(60, lambda: made.put("cancelled"))()
    timers.close()
    timers.start(60, lambda: made.put("later"))

    assert [made.get_nowait(), made.get_nowait()] == ["waiting", "later"]
    assert made.empty()


def test_a_call_may_start_another(timers, time, made):
    timers.start(1, lambda: timers.start(0, lambda: made.put("second")))

    time.advance(1)

    assert made.get(timeout=SOON_S) == "second"
