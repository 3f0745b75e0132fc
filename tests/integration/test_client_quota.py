"""Two clients that share a quota of a real Mixer, all by one clock.

How much more than the quota may pass, with `limit` tokens in each window of `window_s` seconds, as
Mixer's memquota counts:

1. In any window Mixer grants at most `limit` tokens, to all clients together. A token may be used
   until `window_s` after it was granted. So what is used in a window was granted in it or in the
   one before: at most 2 · limit. Over n windows it is at most (n + 1) · limit.
2. When an open pool is empty, its client hands out tokens that it has just asked for. Those that
   are spent before the answer refuses them are forgiven: as many as it is asked for in one round
   trip, at most what it asked Mixer for. Then its pool is closed. It opens when a call gets all it
   asked for, and a closed pool makes at most two calls a second. So that happens at most twice a
   second, and once at the start, to each client.

Here a round trip takes no time, so what is forgiven is the one request that made the call. The bound
is far away from what these patterns take: 100 to 107 in the fullest window.
"""

import pytest

from mixer.adapter.testing import FakeClock
from mixer.server.options import ServerOptions
from mixer.server.server import MixerServer
from proxy_client.client import Environment, MixerClient
from proxy_client.quota.charge import QuotaCharge
from tests.integration.client_transport import WatchedTransport
from tests.integration.documents import MANIFEST, handler, instance, rule, yaml_of
from tests.proxy_client.fake_mixer import hold_invariants

LIMIT = 100
WINDOW_S = 1
STEP_S = 0.005
SECONDS = 10
DOCUMENTS = (
    MANIFEST,
    handler(
        "limits",
        "memquota",
        quotas=[
            {
                "name": "calls.instance.istio-system",
                "maxAmount": LIMIT,
                "validDuration": f"{WINDOW_S}s",
            }
        ],
    ),
    instance("calls", "quota"),
    rule("calls", ("limits", "calls")),
)


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def mixer(tmp_path, clock):
    config = tmp_path / "config"
    config.mkdir()
    (config / "all.yaml").write_text(yaml_of(*DOCUMENTS))
    options = ServerOptions(
        address=f"unix:{tmp_path}/mixer.sock",
        config=config,
        monitoring_address=None,
        worker_threads=2,
        grace_s=0,
    )
    server = MixerServer(options, clock.clock)
    server.start()
    yield server
    server.stop()


class Asking:
    """A client that asks for one token, with a round trip that takes no time."""

    def __init__(self, address, clock):
        self.transport = WatchedTransport(address)
        environment = Environment(monotonic=clock.clock.monotonic)
        self.client = MixerClient(lambda: self.transport, environment=environment)

    def passes(self):
        verdict = self.client.check({"source.name": "here"}, [QuotaCharge("calls")])
        self.transport.settle()
        return verdict.is_ok


# How often each of the two clients asks, by step; each time it is more than the limit.
ASKING = {
    "steadily": lambda _: (1, 1),
    "unevenly": lambda step: (1, step % 5 == 0),
    "in turns of a second": lambda step: (2, 0) if step // 200 % 2 else (0, 2),
    "in bursts": lambda step: (150, 150) if step % 180 == 0 else (0, 0),
    "in bursts after little": lambda step: (100, 100) if step % 300 > 297 else (step % 20 == 0, 0),
}


@pytest.mark.parametrize("pattern", ASKING)
def test_two_clients_take_no_more_than_what_is_granted_in_two_windows(mixer, clock, pattern):
    clients = [Asking(mixer.address, clock) for _ in range(2)]
    passed = []  # how many, by step
    for step in range(round(SECONDS / STEP_S)):
        asking = zip(clients, ASKING[pattern](step), strict=True)
        passed.append(sum(client.passes() for client, count in asking for _ in range(count)))
        clock.advance(STEP_S)

    window = round(WINDOW_S / STEP_S)
    most = max(sum(passed[start : start + window]) for start in range(len(passed)))
    forgiven = len(clients) * (2 * WINDOW_S + 1)
    assert most <= 2 * LIMIT + forgiven
    assert sum(passed) <= (SECONDS + 1) * LIMIT + SECONDS * forgiven
    for each in clients:
        each.client.close()
        assert hold_invariants(each.client)
