"""The numbers that all outputs show: terminal, CSV, JSON, page and verdict.

Times are in nanoseconds or seconds, as each name says; whoever shows them picks the unit.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.cell import Cell, RunFacts
from benchmarks.statistics import Figure, NotEnough


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Latency over quantiles, of all repetitions together."""

    quantiles: Sequence[float]
    """Rising, from 0; ends where fewer than 10 answers lie beyond, or where the generator was too
    late in one of the repetitions."""
    latency_ns: Sequence[float]
    """One for each quantile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmFigures:
    """One arm in one cell, over the repetitions that were not rejected."""

    arm: str
    repetition_count: int
    """Without rejected ones; if it is 0, all figures are NotEnough, 0 or empty."""
    rejections: Sequence[str]
    """Why repetitions were rejected, one text for each."""
    answered_count: int
    latency_ns: Mapping[float, float | NotEnough]
    """By quantile (0.5, 0.9, 0.99, 0.999), of all repetitions together."""
    added_ns: Mapping[float, Figure]
    """By quantile: this arm minus Envoy alone in the same repetition, the median over repetitions,
    with its interval. Empty for `direct` and `envoy`, and in saturation."""
    repetitions_ns: Mapping[int, Mapping[float, float]]
    """By repetition: latency by quantile, however few the answers; for pairs and for dots. Only
    repetitions that kept up, and of each only the quantiles that can be trusted."""
    trusted_counts: Mapping[float, int]
    """By quantile: the answers of the repetitions that can be trusted there."""
    late_counts: Mapping[float, int]
    """By quantile: in how many repetitions the generator was too late to tell."""
    behind_count: int
    """In how many repetitions this arm, or Envoy alone, did not keep up with the rate: no latency
    is taken from these."""
    stolen_shares: Sequence[float]
    """Of CPU time, by the host; one for each repetition in which that is known."""
    curve: Curve
    throughput_per_s: float
    """Answers per second."""
    throughputs_per_s: Sequence[float]
    """One for each repetition."""
    throughput: Figure
    """Their median, with its interval."""
    cpu_s_per_1000: Mapping[str, float]
    """CPU seconds per 1,000 requests, by role: `envoy`, `mixer`, `upstream`, ..."""
    rss_bytes: Mapping[str, int]
    """Resident memory at the end, by role; the most of all repetitions."""
    policy_calls_per_request: float

    @property
    def is_behind(self) -> bool:
        """Whether the rate is beyond what it can take: it fell behind in most repetitions."""
        return 2 * self.behind_count > self.repetition_count

    @property
    def policy_cpu_s_per_1000(self) -> float:
        """CPU of all processes but the upstream's: what is paid for the proxy and the policy."""
        return sum(s for role, s in self.cpu_s_per_1000.items() if role != "upstream")


@dataclass(frozen=True, slots=True, kw_only=True)
class CellTable:
    """All arms in one cell."""

    cell: Cell
    rows: Mapping[str, ArmFigures]
    """By arm, in the order of the run's facts; arms that refused the scenario are missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """Cells that differ in one thing only."""

    scenario: str
    name: str
    """`connections`, `rate`, `hits`, `rules`, `attributes` or `delay`."""
    x_title: str
    """What is varied, with its unit: `Requests per second`."""
    xs: Sequence[float]
    """Rising."""
    tables: Sequence[CellTable]
    """One for each x. A base cell that lies on the sweep is among them."""

    def arms(self) -> list[str]:
        """The arms that were measured at two points at least, in their order.

        A base cell that lies on the sweep may have arms that the sweep leaves out.
        """
        counts = Counter(arm for table in self.tables for arm in table.rows)
        by_length = sorted(self.tables, key=lambda table: len(table.rows), reverse=True)
        order = dict.fromkeys(arm for table in by_length for arm in table.rows)
        return [arm for arm in order if counts[arm] > 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Knee:
    """Up to which rate an arm keeps its latency, in a sweep over rates."""

    scenario: str
    arm: str
    rate_per_s: float
    """The highest measured rate that it keeps; 0 if it keeps none."""
    is_open: bool
    """Whether no higher rate was measured that it fails: the knee may lie higher."""

    def keeps(self, rate_per_s: float) -> bool:
        """Whether latency at a rate is worth a look: past the knee it only tells of a queue."""
        return self.is_open or rate_per_s <= self.rate_per_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """CPU time that the host of a virtual machine took, in relation to all of it."""

    median: float
    """Over measurements."""
    most: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """How much of a cell's figures is the machine's doing."""

    cell: Cell
    envoy_spread: float | None
    """(most − least) / middle of the median latency of Envoy alone, over repetitions; None if
    there is nothing to compare."""
    floor_ns: float | None
    """The half-width of the widest interval of the main arms' added median; None if none has one.
    Differences below it can't be seen."""
    relative_floor: float | None
    """The largest half-width in relation to its added median."""
    is_too_noisy: bool
    """Whether `relative_floor` is above 10 %."""
    stolen: Taken | None
    """What the host took while the cell was measured; None if that is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An arm that could not run a scenario."""

    scenario: str
    arm: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Everything that a report shows."""

    facts: RunFacts
    base: Sequence[CellTable]
    """The base cells: the first of each scenario is its headline."""
    sweeps: Sequence[Sweep]
    """Without saturation; by scenario and name, where at least two points were measured."""
    saturation: Sequence[CellTable]
    knees: Sequence[Knee]
    noise: Sequence[Noise]
    """One for each base cell."""
    refusals: Sequence[Refusal]
    measured_count: int
    """All measured cells: arms × cells × repetitions."""
    rejected_count: int
    stolen: Taken | None
    """By the host, over all measurements; None if that is not known."""
    others: Taken | None
    """By other programs; None if that is not known."""
    cells: Sequence[CellTable]
    """All cells, base and sweeps and saturation, in the order of their first measurement."""

    def is_past_knee(self, cell: Cell, arm: str) -> bool:
        """Whether a cell's rate is known to be more than an arm can take in that scenario.

        It is known of the cell itself, or from the sweep over rates. For added latency, ask for
        Envoy alone, too.
        """
        key = (cell.scenario, arm)
        rows = [table.rows.get(arm) for table in self.cells if table.cell == cell]
        if any(row.is_behind for row in rows if row):
            return True
        return any(
            not knee.keeps(cell.rate_per_s)
            for knee in self.knees
            if (knee.scenario, knee.arm) == key
        )
