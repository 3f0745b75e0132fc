"""Starts the Envoy of an arm, and compares what was counted with what was sent.

Counters lag behind: reports wait in batches, and Envoy hands what its workers have counted to the
page of its admin port now and then. So whoever asks for the proof may have to wait a little.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Final

from benchmarks.arm import Claim, Counters, Place, Running, Sent
from benchmarks.placing.envoy import LISTENER, Proxy, start_envoy
from mixer.envoy.process import EnvoyProcess

PATIENCE_S: Final = 60.0
"""How long counters are waited for; reports take a second or two, with nothing else to do."""
_POLL_S: Final = 0.05
_ENVOY: Final = f"http.{LISTENER}.downstream_rq_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """How an arm guards the upstream: its Envoy, and how it is proved that it did."""

    proxy: Proxy
    processes: Mapping[str, int] = field(default_factory=dict)
    """Ids of its services' processes, by role."""
    read: Callable[[EnvoyProcess], Counters] = field(default=lambda _: {})
    """What its filters and services have counted."""
    claims: Callable[[Counters, Sent], Iterable[Claim]] = field(default=lambda *_: ())
    """What that must be."""
    policy_calls: Callable[[], int] = field(default=lambda: 0)
    """As in `Running`."""


def equal(what: str, counted: int, expected: int) -> Claim:
    """The claim that something was counted exactly so often."""
    return Claim(what=what, counted=counted, least=expected, most=expected)


def run(guard: Guard, place: Place, stack: ExitStack, patience_s: float = PATIENCE_S) -> Running:
    """Starts the Envoy, until the stack ends; raises EnvoyError.

    `patience_s` is how long a proof that does not hold is tried again.
    """
    before = place.upstream_count()
    envoy = start_envoy(guard.proxy, place, stack)
    counters_before = _read(guard, envoy)

    def claims(sent: Sent) -> list[Claim]:
        counters = _since(counters_before, _read(guard, envoy))
        return [
            *_of_every_envoy(counters, sent),
            *guard.claims(counters, sent),
            of_upstream(place.upstream_count() - before, sent),
        ]

    return Running(
        address=envoy.addresses[LISTENER],
        processes={"envoy": envoy.pid, **guard.processes},
        prove=lambda sent: settled(lambda: claims(sent), patience_s),
        policy_calls=guard.policy_calls,
    )


def _read(guard: Guard, envoy: EnvoyProcess) -> Counters:
    own = envoy.stats(f"^{_ENVOY}(completed|4xx|5xx)$".replace(".", r"\."))
    return {**own, **guard.read(envoy)}


def _since(before: Counters, now: Counters) -> Counters:
    return {name: count - before.get(name, 0) for name, count in now.items()}


def _of_every_envoy(counters: Counters, sent: Sent) -> Iterable[Claim]:
    yield equal("Envoy: requests answered", counters[f"{_ENVOY}completed"], sent.count)
    for hundred, what in ((4, "denied"), (5, "failed")):
        answered = sum(n for status, n in sent.by_status.items() if status // 100 == hundred)
        yield equal(f"Envoy: requests {what}", counters[f"{_ENVOY}{hundred}xx"], answered)


def of_upstream(count: int, sent: Sent) -> Claim:
    """That just those came to the upstream which were answered with 200."""
    return equal("upstream: requests received", count, sent.by_status.get(200, 0))


def settled(claims: Callable[[], list[Claim]], patience_s: float) -> list[Claim]:
    """The claims once all of them hold, twice in a row, or as they are when patience ends.

    Twice, since a count that goes on rising may be right for a moment.
    """
    deadline = time.monotonic() + patience_s
    held_before = False
    while True:
        found = claims()
        hold = all(claim.holds for claim in found)
        if (hold and held_before) or time.monotonic() > deadline:
            return found
        held_before = hold
        time.sleep(_POLL_S)
