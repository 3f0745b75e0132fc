"""The face for asyncio: the logic is that of the client, so here is what is awaited."""

import asyncio

import pytest

from mixer.status import Code
from proxy_client.aio import AsyncMixerClient
from proxy_client.quota.charge import QuotaCharge
from proxy_client.verdict import Verdict
from tests.proxy_client.fake_mixer import (
    FakeMixer,
    answer,
    client_of,
    counted,
    granting,
    hold_invariants,
)

HERE = {"source.name": "here"}
ONE = (QuotaCharge("RequestCount"),)


def run(scenario, mixer, **options):
    """Runs a coroutine function with the two faces of one client, which it closes."""

    async def main():
        client = client_of(mixer, **options)
        async with AsyncMixerClient(client) as face:
            await scenario(face, client)

    asyncio.run(main())


def test_a_thousand_tasks_share_calls_and_the_loop_goes_on():
    mixer = FakeMixer()

    async def scenario(face, client):
        tasks = [
            asyncio.create_task(face.check({"source.name": f"{number % 10}"}))
            for number in range(1000)
        ]
        await asyncio.sleep(0)
        assert len(mixer.calls) == 10
        for call in mixer.calls:
            await asyncio.to_thread(call.end, answer(by=["source.name"]))

        assert await asyncio.gather(*tasks) == [Verdict()] * 1000
        assert await face.check({"source.name": "7"}) == Verdict(check_cache_hit=True)
        assert hold_invariants(client)

    run(scenario, mixer)


def test_quota_is_taken_in_the_same_way():
    async def scenario(face, client):
        verdicts = [await face.check(HERE, ONE) for _ in range(101)]
        assert all(verdict.is_ok for verdict in verdicts)
        assert counted(client, "remote_quota_prefetch_calls") == {"remote_quota_prefetch_calls": 6}

    run(scenario, FakeMixer(granting))


def test_a_cancelled_task_cancels_its_call():
    mixer = FakeMixer()

    async def scenario(face, client):
        task = asyncio.create_task(face.check(HERE))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert [call.is_cancelled for call in mixer.calls] == [True]
        assert counted(client, "remote_call_cancellations") == {"remote_call_cancellations": 1}

    run(scenario, mixer)


def test_a_timeout_of_the_caller_is_a_cancelling():
    mixer = FakeMixer()

    async def scenario(face, _):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(face.check(HERE), timeout=0.01)
        assert [call.is_cancelled for call in mixer.calls] == [True]

    run(scenario, mixer)


def test_an_error_of_the_caller_is_raised():
    async def scenario(face, _):
        with pytest.raises(TypeError):
            await face.check({"source.name": object()})

    run(scenario, FakeMixer(granting))


def test_reports_are_flushed_and_closing_ends_what_is_under_way():
    mixer = FakeMixer()

    async def scenario(face, _):
        face.report(HERE)
        assert await face.flush()
        assert [len(report.attributes) for report in mixer.reports] == [1]
        task = asyncio.create_task(face.check(HERE))
        await asyncio.sleep(0)
        await face.close()
        verdict = await task
        assert verdict.status.code == Code.UNAVAILABLE

    run(scenario, mixer)
