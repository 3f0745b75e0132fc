"""Traffic on token pools, in simulated time, before a server with a rate limit that answers late.

The set-up of upstream's rate tests (istio/proxy 1.4 `src/istio/prefetch/quota_prefetch_test.cc`).
Times are whole milliseconds.
"""

from collections import deque
from itertools import repeat
from typing import NamedTuple

from proxy_client.quota.prefetch import TokenPool

LATENCY_MS = 200
WINDOW_COUNT = 10


class Limit(NamedTuple):
    rate: int
    """Tokens in each window."""
    window_ms: int
    delta: int
    """How much traffic differs from the rate at the first and the third level."""


class RollingServer:
    """Has all its tokens again when a window ends."""

    def __init__(self, limit):
        self._limit = limit
        self._ends_ms = 0
        self._left = 0

    def grant(self, amount, now_ms):
        if now_ms >= self._ends_ms:
            self._left = self._limit.rate
            self._ends_ms = now_ms + self._limit.window_ms
        granted = min(amount, self._left)
        self._left -= granted
        return granted, self._ends_ms - now_ms


class TimeBasedServer:
    """Gets tokens back as time goes by, whole ones at each call."""

    def __init__(self, limit):
        self._limit = limit
        self._left = limit.rate
        self._last_ms = 0

    def grant(self, amount, now_ms):
        rate, window_ms, _ = self._limit
        self._left = min(rate, self._left + (now_ms - self._last_ms) * rate // window_ms)
        self._last_ms = now_ms
        granted = min(amount, self._left)
        self._left -= granted
        return granted, window_ms


class Simulation:
    """One server and its clients, which have a pool each."""

    def __init__(self, server, client_count):
        self._server = server
        self._pools = [TokenPool(0.0) for _ in range(client_count)]
        self._answers = deque()

    def passed(self, shares, start_ms, length_ms):
        """Requests that pass when clients make that many each, evenly over the time."""
        step_ms = length_ms // sum(shares)
        pools = turns(self._pools, shares)
        answers = self._answers
        passed = 0
        for now_ms in range(start_ms, start_ms + sum(shares) * step_ms, step_ms):
            pool = next(pools)
            is_granted, prefetch, _ = pool.ask(1, now_ms / 1000)
            passed += is_granted
            if prefetch is not None:
                granted, life_ms = self._server.grant(prefetch.amount, now_ms)
                answers.append((now_ms + LATENCY_MS, pool, prefetch, granted, life_ms / 1000))
            while answers and now_ms >= answers[0][0]:
                _, asker, answered, granted, life_s = answers.popleft()
                asker.grant(answered, granted, life_s, now_ms / 1000)
        return passed


def turns(pools, shares):
    """Whose turn it is: always that of the client that is furthest behind its share."""
    if len(pools) == 1:
        return repeat(pools[0])
    made = [0, 0]
    order = []
    for _ in range(sum(shares)):
        client = int(made[0] / shares[0] > made[1] / shares[1])
        made[client] += 1
        order.append(pools[client])
    return iter(order)


def errors(server, limit, parts):
    """By how much too many or too few requests pass, at five levels of traffic one after another.

    `parts` are the clients' parts of the traffic, in quarters.
    """
    simulation = Simulation(server(limit), len(parts))
    length_ms = limit.window_ms * WINDOW_COUNT
    rate, _, delta = limit
    found = []
    for level, wanted in enumerate((rate - delta, rate, rate + delta, rate // 2, rate * 10)):
        traffic = wanted * WINDOW_COUNT
        shares = [traffic * part // 4 for part in parts]
        expected = min(rate * WINDOW_COUNT, traffic)
        passed = simulation.passed(shares, level * length_ms, length_ms)
        found.append(abs(passed - expected) / expected)
    return found
