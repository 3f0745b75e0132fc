"""How often a client asks a real Mixer."""

import asyncio
import random
from concurrent.futures import ThreadPoolExecutor

import pytest

from mixer.status import Code
from proxy_client.aio import AsyncMixerClient
from proxy_client.client import MixerClient
from tests.integration.client_transport import WatchedTransport
from tests.integration.documents import MANIFEST, handler, instance, rule, yaml_of
from tests.integration.wire import serving
from tests.proxy_client.fake_mixer import counted, hold_invariants

CHECK_COUNT = 10_000
NAMESPACES = ("prod", "test", "stage", "closed", None)
CANARIES = ("yes", "no", *map(str, range(7)), None)
LOOKS = [(namespace, canary) for namespace in NAMESPACES for canary in CANARIES]
"""50 different requests, as far as the policy looks."""
DENIED = [look for look in LOOKS if look[0] == "closed" or look[1] == "yes"]


def documents(**validity):
    """Two rules; each looks at one thing, and every request is looked at by both."""
    return (
        MANIFEST,
        handler("no", "denier", status={"code": 7, "message": "no"}, **validity),
        instance("nothing"),
        rule("closed", ("no", "nothing"), match='source.namespace == "closed"'),
        rule("canary", ("no", "nothing"), match='request.headers["x-canary"] == "yes"'),
    )


@pytest.fixture
def connect(tmp_path):
    """Starts a Mixer for documents; gives a transport to it."""
    servers = []

    def connect(*documents):
        config = tmp_path / "config"
        config.mkdir()
        (config / "all.yaml").write_text(yaml_of(*documents))
        servers.append(serving(config, tmp_path))
        server, _ = servers[-1].__enter__()
        return WatchedTransport(server.address)

    yield connect
    for server in servers:
        server.__exit__(None, None, None)


def request(look, number):
    """A request that looks so to the policy, and like no other one in all else."""
    namespace, canary = look
    headers = {"x-request-id": f"{number}", "user-agent": f"agent {number}"}
    if canary is not None:
        headers["x-canary"] = canary
    attributes = {"source.name": f"pod-{number}", "request.size": number}
    attributes["request.headers"] = headers
    return attributes if namespace is None else attributes | {"source.namespace": namespace}


def ask(client, number):
    look = LOOKS[number % len(LOOKS)]
    verdict = client.check(request(look, number))
    return (verdict.status.code == Code.PERMISSION_DENIED) == (look in DENIED)


def test_ten_thousand_requests_of_fifty_kinds_are_fifty_calls(connect):
    transport = connect(*documents(validDuration="600s", validUseCount=10_000))
    with MixerClient(lambda: transport) as client:
        numbers = list(range(CHECK_COUNT))
        random.Random(4).shuffle(numbers)

        assert all(ask(client, number) for number in numbers)

        assert len(transport.requests) == 50
        assert counted(client, "check_cache_hits", "check_cache_misses") == {
            "check_cache_hits": 9950,
            "check_cache_misses": 50,
        }
        assert hold_invariants(client)


def test_a_use_count_has_them_asked_again_and_again(connect):
    # Each of the 14 denied kinds comes 200 times: one call for the first, and 19 more by its
    # answer. The 36 others are limited only by what Mixer says when no adapter does: 10,000 uses.
    assert len(DENIED) == 14
    transport = connect(*documents(validDuration="600s", validUseCount=19))
    with MixerClient(lambda: transport) as client:
        assert all(ask(client, number) for number in range(CHECK_COUNT))

        assert len(transport.requests) == 36 + 14 * 10
        assert hold_invariants(client)


def test_many_threads_make_no_more_calls_than_one(connect):
    transport = connect(*documents(validDuration="600s", validUseCount=10_000))
    requests = [request(look, 0) for look in LOOKS for _ in range(40)]
    with MixerClient(lambda: transport) as client, ThreadPoolExecutor(8) as pool:
        verdicts = list(pool.map(client.check, requests))

        assert sum(not verdict.is_ok for verdict in verdicts) == 14 * 40
        assert len(transport.requests) == 50
        assert hold_invariants(client)


def test_many_tasks_make_no_more_calls_than_one_thread(connect):
    transport = connect(*documents(validDuration="600s", validUseCount=10_000))

    async def main():
        async with AsyncMixerClient(MixerClient(lambda: transport)) as face:
            looks = [look for look in LOOKS for _ in range(40)]
            verdicts = await asyncio.gather(*(face.check(request(look, 0)) for look in looks))
            assert hold_invariants(face.client)
            return sum(not verdict.is_ok for verdict in verdicts)

    assert asyncio.run(main()) == 14 * 40
    assert len(transport.requests) == 50


# G1 and G2
def test_ten_requests_are_one_check_and_one_batch_of_reports(connect):
    transport = connect(*documents())
    with MixerClient(lambda: transport) as client:
        for number in range(10):
            verdict = client.check(request(("prod", "no"), number))
            client.report({"check.cache_hit": verdict.check_cache_hit})
        assert client.flush()

        assert counted(
            client,
            *("remote_check_calls", "check_cache_hits", "report_calls"),
            *("remote_report_calls", "remote_report_successes"),
        ) == {
            "remote_check_calls": 1,
            "check_cache_hits": 9,
            "report_calls": 10,
            "remote_report_calls": 1,
            "remote_report_successes": 1,
        }
        assert hold_invariants(client)
