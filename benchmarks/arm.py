"""The contract of an arm: one placement of a policy. An arm is one file in `benchmarks/arms/`.

An arm starts what it needs, says where requests are to be sent, and afterwards proves from counters
that its filters and services have done the work.
"""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from benchmarks.scenario import Scenario, Workload

Counters = Mapping[str, int]
"""What filters and services have counted, by the arm's own names for it."""

DIRECT: Final = "direct"
"""The arm without a proxy."""
ENVOY: Final = "envoy"
"""The arm that all others are measured against: Envoy alone."""
MIXER_CLIENT: Final = "mixer-client"
"""Mixer through its client in Envoy, as designed."""
WASM_POLICY: Final = "wasm-policy"
"""The policy inside Envoy, as a WebAssembly filter."""
MAIN_ARMS: Final = (MIXER_CLIENT, WASM_POLICY)
"""Whose figures a verdict is about, and whose noise judges the machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What an arm finds when it starts."""

    folder: Path
    """An empty directory of its own."""
    upstream: str
    """HOST:PORT of the one upstream that all arms share."""
    upstream_count: Callable[[], int]
    """How many requests have come to that address up to now; arms take the difference."""
    cores: tuple[int, ...] = ()
    """Where its processes may run; empty for anywhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What was sent to an arm since it started, warm-up and all."""

    by_status: Mapping[int, int]
    """How many requests got each status."""

    @property
    def count(self) -> int:
        """All of them."""
        return sum(self.by_status.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One thing that must hold if the arm has done its work."""

    what: str
    """In words: `wasm filter: requests decided`."""
    counted: int
    least: int
    most: int

    @property
    def holds(self) -> bool:
        """Whether what was counted is what must have been."""
        return self.least <= self.counted <= self.most


@dataclass(kw_only=True)
class Running:
    """An arm that serves."""

    address: str
    """HOST:PORT to send requests to."""
    processes: Mapping[str, int]
    """The ids of its processes by role: `envoy`, `mixer`, ... without the upstream's."""
    prove: Callable[[Sent], list[Claim]]
    """Reads all counters, once the load is over; each number that has to equal what was sent."""
    policy_calls: Callable[[], int] = field(default=lambda: 0)
    """How many calls a policy service has had up to now, of all kinds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """One placement of a policy."""

    name: str
    """Short, for files and options: `mixer-client`."""
    title: str
    """For people: `Mixer, its client in Envoy`."""
    color_order: int
    """Its place in tables and charts, from 0, and with that its colour; that of `direct` is 0, of
    `envoy` 1. No two arms have the same."""
    start: Callable[[Scenario, Workload, Place, ExitStack], Running]
    """Starts it; what the stack is given ends with it. Raises nothing but what ends the run."""
    refuses: Callable[[Scenario], str | None] = field(default=lambda _: None)
    """Why it can't run a scenario, or None if it can."""
    has_policy: bool = True
    """False for what decides nothing: direct, Envoy alone, a service that lets everything pass.
    These get the same requests, and answer 200 to all."""
    calls_mixer: bool = False
    """Whether a Mixer decides."""
    keeps_verdicts: bool = False
    """Whether a verdict of Mixer's is kept, and used for requests that are alike."""
    is_variant: bool = False
    """Whether it is another arm but for one thing, such as its transport: base cells and saturation
    tell what that costs, and sweeps leave it out."""
