"""Requests that are all new leave the memory of a client as it was.

With MIXER_MEMORY_CHECKS=1000000 it is a million, which takes some minutes; pytest then also needs
`-o faulthandler_timeout=0`.
"""

import gc
import os
import resource
from pathlib import Path

from protos.mixer.v1.mixer_pb2 import ReportResponse
from proxy_client.quota.charge import QuotaCharge
from tests.proxy_client.fake_mixer import FakeMixer, answer, client_of, hold_invariants

CHECK_COUNT = int(os.environ.get("MIXER_MEMORY_CHECKS", "20000"))
ENTRIES = 500
"""In each cache: few, so that these are full before the first look."""
WARM_UP_COUNT = 5_000
MOST_GROWTH = 1_000_000
"""Bytes: what the allocator may need for its own ends. 50 bytes a check would be as much."""


def resident_bytes():
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


class Forgetful(FakeMixer):
    """A Mixer that keeps nothing."""

    def check(self, request, timeout_s, on_done):
        cancel = super().check(request, timeout_s, on_done)
        self.calls.clear()
        return cancel

    def report(self, request, timeout_s):
        return ReportResponse()


def ask(client, numbers):
    """Half of them with a quota, so that all that is kept by attributes is used."""
    for number in numbers:
        attributes = {
            "source.name": f"pod-{number}",
            "request.headers": {"x-request-id": f"{number}", f"x-{number}": "new key"},
        }
        client.check(attributes, [QuotaCharge("calls")] if number % 2 else ())
        if number % 2:
            client.check(attributes, [QuotaCharge("calls")])
        client.report(attributes)


def respond(request):
    amounts = {name: asked.amount for name, asked in request.quotas.items()}
    response = answer(by=["source.name"], quotas=amounts)
    for result in response.quotas.values():
        result.referenced_attributes.CopyFrom(response.precondition.referenced_attributes)
    return response


def test_ever_new_attributes_leave_memory_flat():
    mixer = Forgetful(respond)
    with client_of(mixer, check_cache_entries=ENTRIES, quota_cache_entries=ENTRIES) as client:
        ask(client, range(WARM_UP_COUNT))
        client.flush()
        before = resident_bytes()
        ask(client, range(WARM_UP_COUNT, WARM_UP_COUNT + CHECK_COUNT))
        client.flush()

        assert resident_bytes() - before < MOST_GROWTH
        assert hold_invariants(client)
