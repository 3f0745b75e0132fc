"""Whether one run differs from another beyond noise.

Compared are, for each arm in each cell that both runs have: the added median, p90, p99 and p99.9
(for `direct` and `envoy` the latency itself, since nothing is subtracted), and in saturation the
throughput. The size of a change is the difference of medians over repetitions, with its bootstrap
interval; whether it is one is decided by Welch's t test, and, because some of hundreds of equal
figures always look different, by Benjamini and Hochberg's procedure: of the changes that are
reported, on average at most 5 % are chance.

What no statistics of two runs can tell: how far apart whole runs lie on one machine.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from benchmarks.arm import DIRECT, ENVOY
from benchmarks.cell import Cell
from benchmarks.report.cells import cell_tables, paired_ns
from benchmarks.report.tables import CellTable
from benchmarks.run.store import Run
from benchmarks.statistics import QUANTILES, Estimate
from benchmarks.statistics.bootstrap import estimate_difference
from benchmarks.statistics.difference import difference_p, significant
from benchmarks.statistics.histogram import answers_missing

THROUGHPUT: Final = None
"""Stands for a quantile where throughput is compared."""
NEAR: Final = 0.1
"""Two runs of one version agree if their added medians differ by no greater share."""
_MEDIAN: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One figure in two runs; times in nanoseconds, throughput in answers per second."""

    cell: Cell
    arm: str
    quantile: float | None
    """None for throughput."""
    before: float
    """The median over repetitions."""
    change: Estimate
    """What the second run has more."""
    differs: bool
    """Whether the change is beyond noise."""

    @property
    def after(self) -> float:
        """The median over repetitions of the second run."""
        return self.before + self.change.value

    @property
    def slowdown(self) -> float:
        """By which share the second run is slower; negative if it is faster.

        Infinite if the first run adds nothing, and the second does.
        """
        growth = self.change.value if self.quantile else -self.change.value
        return growth / self.before if self.before > 0 else growth * float("inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How far apart the added medians of two runs lie, beyond noise or not."""

    count: int
    """Of all of them."""
    near_count: int
    """Of those that differ by no more than `NEAR`."""
    median_ns: float
    """Half of them differ by no more."""
    farthest: Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two runs beside each other."""

    changes: Sequence[Change]
    """All figures that were compared, in the order of the first run."""
    skipped_count: int
    """Figures of both runs that have not enough data in one of them."""
    only_before: int
    """Arms in cells that the second run does not have."""
    only_after: int
    environment: Sequence[tuple[str, str, str]]
    """Facts of the machine that differ: name, in the first run, in the second."""

    @property
    def is_of_one_version(self) -> bool:
        """Whether both runs measured the same commit."""
        return all(name != "commit" for name, _, _ in self.environment)

    def agreement(self) -> Agreement | None:
        """None where there is no added median to compare."""
        added = [
            change
            for change in self.changes
            if change.quantile == _MEDIAN and change.arm not in (DIRECT, ENVOY)
        ]
        if not added:
            return None
        return Agreement(
            count=len(added),
            near_count=sum(abs(change.slowdown) <= NEAR for change in added),
            median_ns=median(abs(change.change.value) for change in added),
            farthest=max(added, key=lambda change: abs(change.change.value)),
        )

    def slower_than(self, share: float) -> list[Change]:
        """The changes beyond noise that are for the worse by more than a share."""
        return [change for change in self.changes if change.differs and change.slowdown > share]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    """The repetitions of one figure in two runs."""

    cell: Cell
    arm: str
    quantile: float | None
    before: Sequence[float]
    after: Sequence[float]


def compare(before: Run, after: Run) -> Comparison:
    """Compares the second run with the first."""
    first, second = ({table.cell: table for table in cell_tables(run)} for run in (before, after))
    shared = [cell for cell in first if cell in second]
    pairs = [pair for cell in shared for pair in _pairs(first[cell], second[cell])]
    figures = [(pair, estimate_difference(pair.before, pair.after)) for pair in pairs]
    known = [(pair, figure) for pair, figure in figures if isinstance(figure, Estimate)]
    believed = significant([difference_p(pair.before, pair.after) for pair, _ in known])
    keys = [{(cell, arm) for cell in side for arm in side[cell].rows} for side in (first, second)]
    return Comparison(
        changes=[
            _change(pair, figure, differs=differs)
            for (pair, figure), differs in zip(known, believed, strict=True)
        ],
        skipped_count=len(pairs) - len(known),
        only_before=len(keys[0] - keys[1]),
        only_after=len(keys[1] - keys[0]),
        environment=_differing_facts(before, after),
    )


def _change(pair: _Pair, change: Estimate, *, differs: bool) -> Change:
    return Change(
        cell=pair.cell,
        arm=pair.arm,
        quantile=pair.quantile,
        before=median(pair.before),
        change=change,
        differs=differs,
    )


def _pairs(before: CellTable, after: CellTable) -> Iterator[_Pair]:
    cell = before.cell
    for arm in before.rows:
        if arm in after.rows:
            for quantile in QUANTILES if cell.rate_per_s else (THROUGHPUT,):
                sides = [_repetitions(table, arm, quantile) for table in (before, after)]
                yield _Pair(cell=cell, arm=arm, quantile=quantile, before=sides[0], after=sides[1])


def _repetitions(table: CellTable, arm: str, quantile: float | None) -> list[float]:
    """None of them, if there are too few answers."""
    row, envoy = table.rows[arm], table.rows.get(ENVOY)
    if quantile is None:
        return list(row.throughputs_per_s)
    if answers_missing(row.trusted_counts[quantile], quantile):
        return []
    if arm in (DIRECT, ENVOY):
        return [ns[quantile] for ns in row.repetitions_ns.values() if quantile in ns]
    return [a - b for a, b in paired_ns(row, envoy, quantile)] if envoy else []


def _differing_facts(before: Run, after: Run) -> list[tuple[str, str, str]]:
    first, second = before.facts.environment, after.facts.environment
    names = dict.fromkeys([*first, *second])
    facts = [(name, first.get(name, "unknown"), second.get(name, "unknown")) for name in names]
    return [fact for fact in facts if fact[1] != fact[2]]
