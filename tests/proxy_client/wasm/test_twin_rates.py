"""Traffic before a server with a rate limit that answers late: PF1 to PF8, on library and filter.

What passes in all is tested in `tests/proxy_client/quota/test_rates.py`; here both sides must agree
about each request. So the runs are shorter, and those of a minute have one level of traffic.
"""

from collections import deque

import pytest

from tests.proxy_client.quota.rate_simulation import (
    LATENCY_MS,
    Limit,
    RollingServer,
    TimeBasedServer,
    turns,
)
from tests.proxy_client.wasm.twin.filter_side import filter_side
from tests.proxy_client.wasm.twin.requests import Request
from tests.proxy_client.wasm.twin.said import said, with_quotas
from tests.proxy_client.wasm.twin.settings import Rule, Settings
from tests.proxy_client.wasm.twin.twins import Twins

QUOTA = "RequestCount"
SETTINGS = Settings(is_reported=False, specs=((Rule(charges=((QUOTA, 1),)),),))
REQUEST = Request(headers=((":method", "GET"), (":path", "/")))
PER_MINUTE = Limit(rate=1200, window_ms=60_000, delta=100)
PER_SECOND = Limit(rate=20, window_ms=1000, delta=2)
ONE_CLIENT = [4]
TWO_CLIENTS = [3, 1]


class Client:
    """A proxy that knows the policy's answer, and its clock."""

    def __init__(self):
        self.twins = Twins(filter_side, SETTINGS)
        self.twins.ask(REQUEST, with_quotas(said(), {QUOTA: 1}))
        self._now_ms = 0

    def to(self, now_ms):
        if now_ms > self._now_ms:
            self.twins.advance((now_ms - self._now_ms) / 1000)
            self._now_ms = now_ms

    def ask(self, now_ms):
        """The amount that is asked of the server for a request, or None."""
        self.to(now_ms)
        known = len(self.twins.waiting)
        self.twins.end(self.twins.arrive(REQUEST))
        sent = self.twins.waiting[known:]
        return sent[0].quotas[QUOTA][0] if sent else None

    def answer(self, now_ms, granted, life_ms):
        """The oldest call is answered."""
        self.to(now_ms)
        self.twins.answer(with_quotas(said(), {QUOTA: granted}, valid_s=life_ms / 1000))


def run(server, limit, parts, traffics, window_count):
    clients = [Client() for _ in parts]
    answers = deque()
    start_ms = 0
    for traffic in traffics:
        shares = [traffic * window_count * part // 4 for part in parts]
        length_ms = limit.window_ms * window_count
        step_ms = length_ms // sum(shares)
        order = turns(clients, shares)
        for now_ms in range(start_ms, start_ms + sum(shares) * step_ms, step_ms):
            client = next(order)
            amount = client.ask(now_ms)
            if amount is not None:
                granted, life_ms = server.grant(amount, now_ms)
                answers.append((now_ms + LATENCY_MS, client, granted, life_ms))
            while answers and now_ms >= answers[0][0]:
                _, asker, granted, life_ms = answers.popleft()
                asker.answer(now_ms, granted, life_ms)
        start_ms += length_ms


@pytest.mark.parametrize(
    ("parts", "server", "limit", "traffics", "window_count"),
    [
        pytest.param(ONE_CLIENT, RollingServer, PER_MINUTE, [1300], 1, id="PF1"),
        pytest.param(ONE_CLIENT, RollingServer, PER_SECOND, [18, 20, 22, 10, 200], 3, id="PF2"),
        pytest.param(ONE_CLIENT, TimeBasedServer, PER_MINUTE, [1300], 1, id="PF3"),
        pytest.param(ONE_CLIENT, TimeBasedServer, PER_SECOND, [18, 20, 22, 10, 200], 3, id="PF4"),
        pytest.param(TWO_CLIENTS, RollingServer, PER_MINUTE, [1300], 1, id="PF5"),
        pytest.param(TWO_CLIENTS, RollingServer, PER_SECOND, [18, 20, 22, 10, 200], 4, id="PF6"),
        pytest.param(TWO_CLIENTS, TimeBasedServer, PER_MINUTE, [1300], 1, id="PF7"),
        pytest.param(TWO_CLIENTS, TimeBasedServer, PER_SECOND, [18, 20, 22, 10, 200], 4, id="PF8"),
    ],
)
def test_each_request_gets_the_same_answer(parts, server, limit, traffics, window_count):
    run(server(limit), limit, parts, traffics, window_count)
