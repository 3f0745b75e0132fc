"""What is stored of a run: facts of the whole, and one record for each cell that was measured."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from benchmarks.scenario import Workload

BASE: Final = "base"
"""The sweep that varies nothing: the cell that each scenario is first judged by."""
SATURATION: Final = "saturation"
"""The sweep that asks for throughput: as fast as it goes."""
PROTOCOLS: Final = ("http1", "http2")
PACINGS: Final = ("constant", "poisson")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One point that is measured in several arms and repetitions."""

    scenario: str
    sweep: str
    """What it is varied along: `base`, `connections`, `rate`, `hits`, `rules`, `attributes`,
    `delay`, `saturation`."""
    rate_per_s: float
    """Requests per second, over all connections; 0 for as fast as it goes (saturation)."""
    connections: int
    protocol: str = "http1"
    """`http1` or `http2`."""
    pacing: str = "poisson"
    """`constant` or `poisson`."""
    workload: Workload | None = field(default_factory=Workload)
    """None for a reader's own policy, which is as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessUse:
    """What one process took while a cell was measured."""

    cpu_s: float
    rss_bytes: int
    """At the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One arm, one cell, one repetition."""

    arm: str
    cell: Cell
    repetition: int
    """From 0."""
    elapsed_s: float
    sent_count: int
    answered_count: int
    by_status: Mapping[int, int]
    latency_ns: str
    """HdrHistogram in its base64 form: from when a request was meant to leave to its answer."""
    send_lag_ns: str
    """HdrHistogram in its base64 form: from when a request was meant to leave to when it left."""
    generator_cpu_s: float
    processes: Mapping[str, ProcessUse]
    """By role, with the upstream's."""
    policy_call_count: int
    """Calls that a policy service had meanwhile."""
    warm_up_s: float
    claims: tuple[tuple[str, int, int, int], ...]
    """The proof of work: what, counted, least, most; of the whole life of the arm's processes."""
    trusted_quantile: float
    """Up to which quantile the latencies are the server's, and not the generator's: 0.5, 0.9, 0.99
    or 0.999, or 0 for none; see `benchmarks.run.trust`."""
    kept_up: bool
    """Whether it was over in time. If not, a queue grew, and latency only tells for how long."""
    stolen_share: float | None
    """Of the CPU time of the whole machine, what the host gave to others meanwhile; None where
    that can't be known."""
    others_share: float | None = None
    """The same of what programs took that are no part of the run; None in older runs."""
    rejection: str | None = None
    """Why the figures are not to be used; None if they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumption:
    """A run that was cut short has been continued."""

    when: str
    """ISO 8601, UTC."""
    commit: str
    """Of Mixer, by then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """What holds for a whole run."""

    format: int
    """2."""
    started: str
    """ISO 8601, UTC."""
    elapsed_s: float
    """Of all sessions together, if it was resumed."""
    command: str
    seed: int
    is_quick: bool
    protocol: str
    """`http1` or `http2`, in all cells."""
    pacing: str
    """`constant` or `poisson`, in all cells but those of saturation."""
    environment: Mapping[str, str]
    """Machine, kernel, versions, commit; by name."""
    order: tuple[str, ...]
    """The arms as they were measured: `repetition/cell number/arm`."""
    refusals: Mapping[str, str]
    """`scenario/arm` → why it could not run it."""
    arms: Mapping[str, str]
    """Names → titles, in the order of tables and charts."""
    color_orders: Mapping[str, int]
    """Names → `Arm.color_order`: an arm looks the same in each run, whoever else takes part."""
    scenarios: Mapping[str, str]
    """Names → titles."""
    resumed: tuple[Resumption, ...] = ()
