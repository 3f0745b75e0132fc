"""Threads that make calls for others, and the end of their queue."""

import threading

import pytest

from mixer.errors import UnavailableError
from mixer.isolation.call_pool import CallPool
from tests.patience import SOON_S


class Gate:
    """A call that hangs until it is let go."""

    def __init__(self):
        self.has_begun = threading.Event()
        self._opened = threading.Event()

    def __call__(self):
        self.has_begun.set()
        assert self._opened.wait(SOON_S)
        return "through"

    def open(self):
        self._opened.set()


@pytest.fixture
def make_pool():
    pools = []

    def make(**bounds):
        pools.append(CallPool("test", **bounds))
        return pools[-1]

    yield make
    for pool in pools:
        pool.close()


@pytest.fixture
def gates():
    """Gates that are open at the end, whatever happens."""
    made = [Gate() for _ in range(3)]
    yield made
    for gate in made:
        gate.open()


def begin(pool, gate):
    call = pool.submit(gate)
    assert gate.has_begun.wait(SOON_S)
    return call


def test_a_call_gives_what_it_returns(make_pool):
    call = make_pool(max_concurrent=1, max_waiting=0).submit(lambda: 42)
    assert call.wait(SOON_S)
    assert (call.result, call.error) == (42, None)


@pytest.mark.parametrize("error", [ValueError("x"), SystemExit(1)], ids=repr)
def test_a_call_gives_what_it_raises_and_the_thread_goes_on(make_pool, error):
    def fail():
        raise error

    pool = make_pool(max_concurrent=1, max_waiting=1)
    first, second = pool.submit(fail), pool.submit(lambda: 42)
    assert first.wait(SOON_S)
    assert second.wait(SOON_S)
    assert (first.error, second.result) == (error, 42)


def test_as_many_calls_as_allowed_are_made_at_a_time(make_pool, gates):
    pool = make_pool(max_concurrent=2, max_waiting=1)
    calls = [begin(pool, gate) for gate in gates[:2]]
    waiting = pool.submit(gates[2])
    assert not gates[2].has_begun.wait(0.05)
    gates[0].open()
    assert gates[2].has_begun.wait(SOON_S)
    gates[1].open()
    gates[2].open()
    assert [call.wait(SOON_S) for call in (*calls, waiting)] == [True] * 3


def test_more_than_the_queue_holds_are_refused(make_pool, gates):
    pool = make_pool(max_concurrent=1, max_waiting=1)
    begin(pool, gates[0])
    pool.submit(gates[1])
    with pytest.raises(UnavailableError, match=r"^too many calls wait already \(1\)$"):
        pool.submit(gates[2])
    gates[0].open()
    assert gates[1].has_begun.wait(SOON_S)
    pool.submit(gates[2])


def test_a_call_that_nobody_waits_for_is_not_made_and_leaves_room(make_pool, gates):
    pool = make_pool(max_concurrent=1, max_waiting=1)
    begin(pool, gates[0])
    pool.withdraw(pool.submit(gates[1]))
    third = pool.submit(gates[2])
    for gate in gates:
        gate.open()
    assert third.wait(SOON_S)
    assert not gates[1].has_begun.is_set()


def test_a_call_that_is_over_can_be_withdrawn(make_pool):
    pool = make_pool(max_concurrent=1, max_waiting=0)
    call = pool.submit(lambda: 42)
    assert call.wait(SOON_S)
    pool.withdraw(call)
    assert call.result == 42


def test_there_are_never_more_threads_than_calls_at_a_time(make_pool):
    pool = make_pool(max_concurrent=2, max_waiting=1)
    threads = set()
    for _ in range(100):
        call = pool.submit(threading.current_thread)
        assert call.wait(SOON_S)
        threads.add(call.result)
    assert 1 <= len(threads) <= 2


def test_a_closed_pool_makes_no_calls_and_its_threads_end(make_pool, gates):
    pool = make_pool(max_concurrent=1, max_waiting=1)
    hanging, waiting = begin(pool, gates[0]), pool.submit(gates[1])
    pool.close()
    with pytest.raises(UnavailableError, match="closed"):
        pool.submit(gates[2])
    assert waiting.wait(SOON_S)
    assert isinstance(waiting.error, UnavailableError)
    gates[0].open()
    assert hanging.wait(SOON_S)
    assert not gates[1].has_begun.is_set()
