"""Makes the load of a plan, in this process."""

import gc
import os
import secrets
import time
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from benchmarks.load.channel import Channel
from benchmarks.load.closed_loop import ClosedLoop
from benchmarks.load.http1 import Http1Channel
from benchmarks.load.http2 import Http2Channel
from benchmarks.load.open_loop import OpenLoop
from benchmarks.load.pacer import arrivals_ns
from benchmarks.load.plan import LoadPlan
from benchmarks.load.poller import Poller
from benchmarks.load.record import LoadRecord
from benchmarks.load.requests import Requests, http1_message, http2_block
from benchmarks.load.tally import Tally

_START_DELAY_NS: Final = 10_000_000
"""From the end of all preparations to when the first request may leave."""

_PROTOCOLS: Final = {
    "http1": (http1_message, Http1Channel),
    "http2": (http2_block, Http2Channel),
}


def generate(plan: LoadPlan) -> LoadRecord:
    """Sends what is planned and waits for the answers.

    Raises OSError if connections can't be opened at the start, and ValueError for a plan that
    makes no sense.
    """
    if plan.cores:
        os.sched_setaffinity(0, plan.cores)
    poller: Poller[Channel] = Poller(plan.spin_us)
    channels = _channels(plan, poller)
    try:
        for channel in channels:
            channel.open()
        offsets_ns = array("q") if plan.is_saturation else _arrivals_ns(plan)
        with _no_garbage_collection():
            return _run(plan, poller, channels, offsets_ns)
    finally:
        for channel in channels:
            channel.close()
        poller.close()


def _arrivals_ns(plan: LoadPlan) -> "array[int]":
    return arrivals_ns(plan.rate_per_s, plan.duration_s, plan.pacing, plan.seed)


def _channels(plan: LoadPlan, poller: Poller[Channel]) -> list[Channel]:
    # The token is new for each load: with one seed, two loads still have no fresh text in common.
    if plan.protocol not in _PROTOCOLS:
        raise ValueError(f"a protocol is http1 or http2, not {plan.protocol!r}")
    encode, channel_type = _PROTOCOLS[plan.protocol]
    requests = Requests(plan.kinds, encode, plan.host, plan.seed, secrets.token_hex(4))
    return [channel_type(plan.address, poller, requests) for _ in range(plan.connections)]


def _run(
    plan: LoadPlan, poller: Poller[Channel], channels: list[Channel], offsets_ns: "array[int]"
) -> LoadRecord:
    delay_ns = 0 if plan.is_saturation else _START_DELAY_NS
    tally = Tally(time.monotonic_ns() + delay_ns, offsets_ns)
    loop_type = ClosedLoop if plan.is_saturation else OpenLoop
    loop = loop_type(plan, poller, channels, tally)
    cpu_ns = time.process_time_ns()
    loop.run()
    cpu_ns = time.process_time_ns() - cpu_ns - poller.spun_ns
    return tally.record(cpu_ns / 1e9)


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    # A collection stops everything for milliseconds, and there are next to no cycles to be found.
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()
