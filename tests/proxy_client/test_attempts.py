"""Retries and cancelling, F7 and F8, through a whole client."""

from random import Random, SystemRandom

import pytest

from mixer.status import Code, Status
from proxy_client.attempts import wait_s
from proxy_client.client import Environment
from proxy_client.options import RetryOptions
from proxy_client.verdict import Verdict
from tests.proxy_client.fake_mixer import (
    CLOSED,
    REFUSED,
    TOO_LATE,
    UNREACHABLE,
    FakeMixer,
    FakeTimers,
    answer,
    client_of,
    counted,
    hold_invariants,
    non_zero,
)

HERE = {"source.name": "here"}
DEFAULT = RetryOptions()


@pytest.fixture
def timers():
    return FakeTimers()


@pytest.fixture
def make(timers):
    """Makes a client of a Mixer that tries so many times more."""

    def make(mixer, max_count, random=None):
        environment = Environment(make_timers=lambda: timers, random=random or SystemRandom())
        return client_of(mixer, environment, retries=RetryOptions(max_count=max_count))

    return make


class Extreme(Random):
    """Draws the least or the most of each range."""

    def __init__(self, end):
        super().__init__()
        self.end = end

    def uniform(self, a, b):
        return (a, b)[self.end]


@pytest.mark.parametrize(
    ("end", "waits_s"),
    [(0, [0.08, 0.08, 0.08, 0.08, 0.08, 0.08]), (1, [0.08, 0.16, 0.32, 0.64, 1.0, 1.0])],
)
def test_waits_are_drawn_from_ranges_that_double(end, waits_s):
    assert [wait_s(retry, DEFAULT, Extreme(end)) for retry in range(6)] == waits_s


def test_a_wait_has_an_end_after_any_number_of_retries():
    assert wait_s(10_000, DEFAULT, Extreme(1)) == 1.0


def test_two_clients_draw_different_waits(make, timers):
    drawn = []
    for _ in range(2):
        make(FakeMixer(lambda _: UNREACHABLE), 6).begin_check(HERE)
        for _ in range(6):
            timers.elapse()
        drawn.append(tuple(timers.waits_s))
        timers.waits_s.clear()

    assert [len(waits) for waits in drawn] == [6, 6]
    assert len(set(drawn)) == 2
    assert {waits[0] for waits in drawn} == {0.08}


def test_the_children_of_a_fork_draw_different_waits_too():
    with pytest.raises(NotImplementedError):  # there is no state that they would all begin with
        Environment().random.getstate()


def test_a_retry_is_the_same_request(make, timers):
    mixer = FakeMixer()
    client = make(mixer, 2)
    begun = client.begin_check(HERE)
    first = mixer.last.SerializeToString()
    for error in (UNREACHABLE, TOO_LATE):
        mixer.calls[-1].end(error)
        timers.elapse()
    mixer.calls[-1].end(answer())

    assert begun.result() == Verdict()
    assert [call.request.SerializeToString() for call in mixer.calls] == [first] * 3
    assert first
    assert {call.timeout_s for call in mixer.calls} == {5.0}
    assert non_zero(client) == {
        "check_calls": 1,
        "check_cache_misses": 1,
        "remote_check_calls": 1,
        "remote_check_accepts": 1,
        "remote_calls": 1,
        "remote_call_retries": 2,
        "remote_call_send_errors": 1,
        "remote_call_timeouts": 1,
        "remote_call_successes": 1,
    }
    assert hold_invariants(client)


@pytest.mark.parametrize(
    ("error", "counter"),
    [
        (UNREACHABLE, "remote_call_send_errors"),
        (TOO_LATE, "remote_call_timeouts"),
        (REFUSED, "remote_call_other_errors"),
    ],
)
def test_any_failure_is_tried_again_and_counted_by_its_kind(make, timers, error, counter):
    mixer = FakeMixer(lambda _: error)
    client = make(mixer, 3)
    begun = client.begin_check(HERE)
    for _ in range(3):
        timers.elapse()

    assert begun.result() == Verdict(Status(code=error.code, message=error.details))
    assert len(mixer.calls) == 4
    assert counted(client, counter, "remote_call_retries", "remote_calls") == {
        counter: 4,
        "remote_call_retries": 3,
        "remote_calls": 1,
    }
    assert hold_invariants(client)


def test_a_closed_transport_is_not_tried_again(make, timers):
    mixer = FakeMixer(lambda _: CLOSED)
    client = make(mixer, 3)

    assert client.check(HERE).status.code == Code.UNAVAILABLE
    assert len(mixer.calls) == 1


def test_closing_ends_the_waits(make, timers):
    mixer = FakeMixer(lambda _: UNREACHABLE)
    client = make(mixer, 100)
    begun = client.begin_check(HERE)
    client.close()

    assert begun.result().status.code == Code.UNAVAILABLE
    assert timers.waiting == []
    assert hold_invariants(client)


# F7
def test_cancelling_ends_a_call_that_is_under_way(make, timers):
    mixer = FakeMixer()
    client = make(mixer, 3)
    begun = client.begin_check(HERE)

    assert begun.cancel()
    assert mixer.calls[0].is_cancelled
    assert timers.waiting == []
    assert counted(
        client, "remote_call_cancellations", "remote_call_retries", "remote_check_denies"
    ) == {"remote_call_cancellations": 1, "remote_call_retries": 0, "remote_check_denies": 0}


# F8
def test_cancelling_a_wait_is_not_cancelling_a_call(make, timers):
    mixer = FakeMixer(lambda _: UNREACHABLE)
    client = make(mixer, 3)
    begun = client.begin_check(HERE)

    assert begun.cancel()
    assert timers.waiting == []
    assert non_zero(client) == {
        "check_calls": 1,
        "check_cache_misses": 1,
        "remote_check_calls": 1,
        "remote_calls": 1,
        "remote_call_send_errors": 1,
        "remote_call_retries": 1,
    }


def test_cancelling_a_second_attempt_ends_that_one(make, timers):
    mixer = FakeMixer()
    client = make(mixer, 3)
    begun = client.begin_check(HERE)
    mixer.calls[0].end(UNREACHABLE)
    timers.elapse()

    assert begun.cancel()
    assert [call.is_cancelled for call in mixer.calls] == [False, True]
    assert counted(client, "remote_call_cancellations") == {"remote_call_cancellations": 1}


def test_what_is_over_cannot_be_cancelled(make):
    client = make(FakeMixer(lambda _: answer()), 0)
    begun = client.begin_check(HERE)

    assert not begun.cancel()
    assert counted(client, "remote_call_cancellations") == {"remote_call_cancellations": 0}


def test_an_answer_after_cancelling_is_kept_by_nobody(make):
    mixer = FakeMixer()
    client = make(mixer, 0)
    begun = client.begin_check(HERE)
    call = mixer.calls[0]
    call.cancel = lambda: None  # the answer is on its way already
    begun.cancel()
    call.end(answer())

    assert begun.cancelled()


def test_what_a_transport_raises_is_a_failure(make, timers):
    def respond(_):
        raise OSError("no socket")

    client = make(FakeMixer(respond), 1)
    begun = client.begin_check(HERE)
    timers.elapse()

    assert begun.result().status == Status(
        code=Code.INTERNAL, message="cannot be sent: OSError('no socket')"
    )
    assert hold_invariants(client)


# F6: here one server of three is one attempt of three
def test_with_retries_a_server_that_fails_now_and_then_denies_nobody(make, timers):
    attempts = iter(range(10_000))
    mixer = FakeMixer(lambda _: answer(uses=0) if next(attempts) % 3 else UNREACHABLE)
    client = make(mixer, 10)
    verdicts = []
    for _ in range(300):
        begun = client.begin_check(HERE)
        timers.elapse()
        verdicts.append(begun.result())

    assert verdicts == [Verdict()] * 300
    assert counted(
        client,
        *("remote_calls", "remote_call_successes", "remote_call_retries"),
        *("remote_call_send_errors", "remote_check_denies"),
    ) == {
        "remote_calls": 300,
        "remote_call_successes": 300,
        "remote_call_retries": 150,
        "remote_call_send_errors": 150,
        "remote_check_denies": 0,
    }
    assert hold_invariants(client)
