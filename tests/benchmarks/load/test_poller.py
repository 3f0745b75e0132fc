"""Waiting for sockets and for the time."""

import socket
import time

import pytest

from benchmarks.load.poller import Poller

MS = 1_000_000


@pytest.fixture(params=[0.0, 1000.0], ids=["asleep", "spinning"])
def spin_us(request):
    return request.param


@pytest.fixture
def poller(spin_us):
    poller = Poller(spin_us)
    yield poller
    poller.close()


@pytest.fixture
def pair():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def test_a_wait_ends_when_its_time_comes_and_counts_as_idle(poller):
    until_ns = time.monotonic_ns() + 3 * MS
    assert poller.wait(until_ns) == []
    assert poller.ready_ns >= until_ns
    assert poller.idle_ns >= 2 * MS


def test_who_does_not_spin_sleeps_all_the_time(poller, spin_us):
    poller.wait(time.monotonic_ns() + 3 * MS)
    assert poller.spun_ns <= poller.idle_ns
    assert spin_us or poller.spun_ns == 0


def test_a_wait_for_what_is_past_only_looks(poller, pair):
    ours, theirs = pair
    poller.watch(ours.fileno(), "ours")
    assert poller.wait(0) == []
    theirs.send(b"x")
    assert [owner for owner, _ in poller.wait(0)] == ["ours"]


def test_a_wait_ends_when_a_socket_can_be_read(poller, pair):
    ours, theirs = pair
    poller.watch(ours.fileno(), "ours")
    theirs.send(b"x")
    assert [owner for owner, _ in poller.wait(time.monotonic_ns() + 60_000 * MS)] == ["ours"]


def test_a_socket_is_writable_only_to_those_who_ask(poller, pair):
    ours, _ = pair
    poller.watch(ours.fileno(), "ours")
    poller.watch_writable(ours.fileno(), is_wanted=True)
    assert [owner for owner, _ in poller.wait(0)] == ["ours"]
    poller.watch_writable(ours.fileno(), is_wanted=False)
    assert poller.wait(0) == []


def test_a_socket_that_is_forgotten_is_not_reported(poller, pair):
    ours, theirs = pair
    poller.watch(ours.fileno(), "ours")
    poller.forget(ours.fileno())
    theirs.send(b"x")
    assert poller.wait(0) == []
