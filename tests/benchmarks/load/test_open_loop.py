"""An open loop against servers of which it is known how long they take."""

import socket
import time
from array import array

import pytest
from hdrh.histogram import HdrHistogram

from benchmarks.load import LoadPlan, run_load
from benchmarks.load.open_loop import OpenLoop
from benchmarks.load.poller import Poller
from benchmarks.load.tally import Tally
from benchmarks.scenario import RequestKind
from tests.benchmarks.load.server import Stall, after, serving

KINDS = (RequestKind(path="/"),)
MS = 1_000_000


def plan(server, **fields):
    defaults = {"kinds": KINDS, "pacing": "constant", "connections": 4, "rate_per_s": 100.0}
    return LoadPlan(**{"address": server.address, "duration_s": 1.0, **defaults, **fields})


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
    least, median = quantiles_ms(record.latency_ns, 0, 50)
    assert least >= 5
    assert median < 30


@pytest.mark.parametrize("connections", [1, 64])
def test_a_stall_is_seen_as_by_all_who_had_to_wait(connections):
    # 200 requests per second, and once nobody is answered for 200 ms: 40 of 400 requests wait, for
    # 200, 195, 190, ... ms, whether they were on their way or no connection was free. The largest
    # 1 % of 400 are 4, so p99 is 200 - 4 · 5 = 180 ms, p97 140 ms, p95 100 ms, and above that on a
    # machine that has more to do. A loop that waits with those who wait would have seen one slow
    # request, or one for each connection.
    with serving(Stall(first_number=100, stall_s=0.2)) as server:
        record = run_load(plan(server, rate_per_s=200.0, duration_s=2.0, connections=connections))
    p50, p95, p97, p99, most = quantiles_ms(record.latency_ns, 50, 95, 97, 99, 100)
    assert p50 < 90
    assert p95 >= 90
    assert p97 >= 130
    assert p99 >= 170
    assert 195 <= most < 1000
    assert record.answered_count == 400


def test_a_connection_that_is_not_free_is_the_servers_fault():
    # One connection and 10 ms for each answer, which is 100 per second at the most; 200 are meant to
    # leave. The last of 200 waits for 200 · 10 ms - 1 s = 1 s, and the one in the middle for half.
    with serving(after(0.01)) as server:
        record = run_load(plan(server, rate_per_s=200.0, connections=1))
    (median,) = quantiles_ms(record.latency_ns, 50)
    (lag,) = quantiles_ms(record.send_lag_ns, 95)
    assert median >= 500
    assert lag < median / 5
    assert record.answered_count == 200


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
