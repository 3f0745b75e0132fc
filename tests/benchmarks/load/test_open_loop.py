"""An open loop against servers of which it is known how long they take."""

import heapq
import socket
import time
from array import array
from functools import partial

import pytest
from hdrh.histogram import HdrHistogram

from benchmarks.load import LoadPlan, run_load
from benchmarks.load.open_loop import OpenLoop
from benchmarks.load.poller import Poller
from benchmarks.load.record import histogram
from benchmarks.load.tally import Tally
from benchmarks.scenario import RequestKind
from tests.benchmarks.load.server import Stall, after, serving
from tests.patience import SOON_S

KINDS = (RequestKind(path="/"),)
MS = 1_000_000


def plan(server, **fields):
    defaults = {
        "kinds": KINDS,
        "pacing": "constant",
        "connections": 4,
        "rate_per_s": 100.0,
        "duration_s": 1.0,
        "answer_timeout_s": SOON_S,
    }
    return LoadPlan(**{"address": server.address, **defaults, **fields})


def quantiles_ms(encoded, *percentiles):
    histogram = HdrHistogram.decode(encoded)
    return [histogram.get_value_at_percentile(percentile) / MS for percentile in percentiles]


@pytest.mark.parametrize("pacing", ["constant", "poisson"])
def test_all_that_is_planned_is_sent_and_answered(pacing):
    with serving(after(0)) as server:
        record = run_load(plan(server, pacing=pacing, seed=2))
    count = record.planned_count
    assert count == 100 or pacing == "poisson"
    assert 60 <= count <= 140  # four standard deviations, √100 each
    assert (record.sent_count, record.answered_count) == (count, count)
    assert (record.by_status, record.errors) == ({200: count}, {})
    assert len(server.heads) == count
    assert len(record.medians_ns) == 2
    assert record.elapsed_s >= 0.8


def test_connections_are_opened_once_and_kept():
    with serving(after(0)) as server:
        run_load(plan(server, connections=7))
        assert server.connection_count == 7


def test_the_time_that_a_server_takes_is_seen():
    with serving(after(0.005)) as server:
        record = run_load(plan(server))
    (least,) = quantiles_ms(record.latency_ns, 0)
    assert least >= 5


@pytest.mark.parametrize("connections", [1, 64])
def test_a_stall_is_seen_as_by_all_who_had_to_wait(connections):
    # As below, but real; a busy machine only makes more of them wait, and longer.
    with serving(Stall(first_number=100, stall_s=0.2)) as server:
        record = run_load(plan(server, rate_per_s=200.0, duration_s=2.0, connections=connections))
    p95, p97, p99, most = quantiles_ms(record.latency_ns, 95, 97, 99, 100)
    assert p95 >= 90
    assert p97 >= 130
    assert p99 >= 170
    assert most >= 195
    assert record.answered_count == 400


def test_a_connection_that_is_not_free_is_the_servers_fault():
    # As below, but real.
    with serving(after(0.01)) as server:
        record = run_load(plan(server, rate_per_s=200.0, connections=1))
    (median,) = quantiles_ms(record.latency_ns, 50)
    (lag,) = quantiles_ms(record.send_lag_ns, 50)
    assert median >= 500
    assert lag < median / 5
    assert record.answered_count == 200


class Simulation:
    """A poller whose time passes only while it waits, and channels on it that answer by its time."""

    def __init__(self, answer_at):
        """`answer_at(number, now_ms)` is when the server answers the request of that number."""
        self._answer_at = answer_at
        self._now_ms = 0
        self._answers = []
        self.idle_ns = 0

    @property
    def ready_ns(self):
        return self.now()

    def now(self):
        return self._now_ms * MS

    def expect(self, channel, number):
        answer_ms = self._answer_at(number, self._now_ms)
        heapq.heappush(self._answers, (answer_ms, number, channel))

    def wait(self, until_ns):
        before_ms, until_ms = self._now_ms, until_ns // MS
        if self._answers:
            until_ms = min(until_ms, self._answers[0][0])
        self._now_ms = max(before_ms, until_ms)
        self.idle_ns += (self._now_ms - before_ms) * MS
        ready = []
        while self._answers and self._answers[0][0] <= self._now_ms:
            _, number, channel = heapq.heappop(self._answers)
            ready.append((channel, number))
        return ready


class Simulated:
    """A channel of a simulation, with one request at a time."""

    slot_count = 1

    def __init__(self, simulation):
        self.send = partial(simulation.expect, self)

    def handle(self, number):
        return [(number, 200)]


def simulated(answer_at, *, count, every_ms, connections, **fields):
    """So many requests, one each `every_ms`; gives the record of what became of them."""
    simulation = Simulation(answer_at)
    tally = Tally(0, array("q", range(0, count * every_ms * MS, every_ms * MS)))
    load = LoadPlan(address="", kinds=KINDS, connections=connections, duration_s=1.0, **fields)
    channels = [Simulated(simulation) for _ in range(connections)]
    OpenLoop(load, simulation, channels, tally, simulation.now).run()
    return tally.record(0.0)


@pytest.mark.parametrize("connections", [1, 64])
def test_a_stall_is_waited_for_by_whom_it_concerns_and_by_nobody_else(connections):
    # 200 requests per second, and once nobody is answered for 200 ms: 40 of 400 requests wait, for
    # 200, 195, 190, ... 5 ms, whether they were on their way or no connection was free. A loop that
    # waits with those who wait would have seen one slow request, or one for each connection.
    record = simulated(
        lambda _, now_ms: 700 if 500 <= now_ms < 700 else now_ms,
        count=400,
        every_ms=5,
        connections=connections,
    )
    assert record.latency_ns == histogram([0] * 360 + [ms * MS for ms in range(5, 201, 5)])
    assert record.send_lag_ns == histogram([0] * 400)
    assert record.by_status == {200: 400}


def test_who_waits_for_a_connection_waits_for_all_before():
    # One connection and 10 ms for each answer, which is 100 per second at the most; 200 are meant to
    # leave, one each 5 ms. Each waits 5 ms longer than the one before.
    record = simulated(lambda _, now_ms: now_ms + 10, count=200, every_ms=5, connections=1)
    assert record.latency_ns == histogram([(10 + 5 * number) * MS for number in range(200)])
    assert record.send_lag_ns == histogram([0] * 200)


def test_answers_are_waited_for_for_so_long_after_the_last_request_and_no_longer():
    # Of ten requests in half a second, the third is never answered on the only connection.
    def third_is_lost(number, now_ms):
        return 10**6 if number == 2 else now_ms + 1

    record = simulated(
        third_is_lost, count=10, every_ms=50, connections=1, answer_timeout_s=0.2, queue_limit=3
    )
    assert record.by_status == {200: 2}
    assert record.errors == {
        "no answer in time": 1,
        "never sent": 3,
        "too many waited to be sent": 4,
    }


class Busy:
    """A channel that answers at once, but takes the generator a millisecond for each request."""

    slot_count = 1

    def __init__(self, poller, readable):
        self._number = None
        poller.watch(readable.fileno(), self)

    def send(self, number):
        self._number = number
        end_ns = time.monotonic_ns() + MS
        while time.monotonic_ns() < end_ns:
            pass

    def handle(self, events):
        number, self._number = self._number, None
        return [] if number is None else [(number, 200)]


def readable_socket():
    ours, theirs = socket.socketpair()
    theirs.send(b"x")
    return ours, theirs


def test_a_rate_that_the_generator_can_not_make_is_its_own_fault():
    # A thousand requests meant to leave within 0.1 s take 1 s to send, so that the one in the middle
    # leaves after half a second, 0.45 s late, though most of them found no connection free.
    poller = Poller(0.0)
    readable = [readable_socket() for _ in range(4)]
    tally = Tally(time.monotonic_ns(), array("q", range(0, 100 * MS, MS // 10)))
    load = LoadPlan(address="", kinds=KINDS, connections=4, duration_s=0.1, rate_per_s=10_000.0)
    OpenLoop(load, poller, [Busy(poller, ours) for ours, _ in readable], tally).run()
    poller.close()
    for pair in readable:
        for end in pair:
            end.close()
    record = tally.record(0.0)
    assert record.by_status == {200: 1000}
    (lag,) = quantiles_ms(record.send_lag_ns, 50)
    assert lag >= 400
