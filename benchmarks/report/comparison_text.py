"""A comparison of two runs on a terminal."""

from collections.abc import Iterator
from typing import Final

from benchmarks.arm import DIRECT, ENVOY
from benchmarks.cell import RunFacts
from benchmarks.report.compare import NEAR, Change, Comparison
from benchmarks.report.wording import count_of, table_title
from benchmarks.units import (
    number,
    number_interval,
    percent,
    quantile_name,
    time,
    time_interval,
)
from mixer.cli.screen import Screen

_COLUMNS: Final = ("arm", "figure", "A", "B", "B − A, 95 % interval", "slower by")
_NOTES: Final = """
Repetitions within two runs don't tell how far apart whole runs lie on this machine: compare two
runs of the same version, too. Of the differences above, on average at most 5 % are chance
(Welch's t test, Benjamini and Hochberg's procedure)."""


def show_comparison(comparison: Comparison, facts: RunFacts, screen: Screen) -> None:
    """Prints what differs, cells with the worst first; `facts` are the first run's."""
    for name, before, after in comparison.environment:
        screen.line(f"! {name}: {before} in A, {after} in B", "yellow")
    differing = [change for change in comparison.changes if change.differs]
    compared = count_of(len(comparison.changes), "figure")
    screen.line(f"{compared} compared; {len(differing)} differ beyond noise.", "bold")
    for count, what in (
        (comparison.skipped_count, "without enough data"),
        (comparison.only_before, "(arm and cell) in A only"),
        (comparison.only_after, "(arm and cell) in B only"),
    ):
        if count:
            screen.line(f"Not compared: {count:,} {what}.")
    for line in agreement_lines(comparison, facts):
        screen.line(line)
    ordered = sorted(differing, key=lambda change: -change.slowdown)
    for cell in dict.fromkeys(change.cell for change in ordered):
        screen.heading(table_title(facts, cell))
        screen.table(_COLUMNS, [_cells(each, facts) for each in ordered if each.cell == cell])
    if differing:
        screen.line(_NOTES, "dim")


def agreement_lines(comparison: Comparison, facts: RunFacts) -> Iterator[str]:
    """Whether the medians of both runs are as near as those of equal runs should be."""
    found = comparison.agreement()
    if found is None:
        return
    if found.near_count == found.count:
        yield f"All {count_of(found.count, 'added median')} lie within {percent(NEAR)}."
        return
    farthest = found.farthest
    where = f"{facts.arms[farthest.arm]} in {table_title(facts, farthest.cell)}"
    yield (
        f"{found.near_count:,} of {count_of(found.count, 'added median')} lie within "
        f"{percent(NEAR)} of each other, half of them within {time(found.median_ns)}; "
        f"farthest, by {time(abs(farthest.change.value))}: {where}."
    )
    if comparison.is_of_one_version:
        yield "Both runs measured the same: the machine was too noisy to tell smaller differences."


def _cells(change: Change, facts: RunFacts) -> tuple[str, ...]:
    quantile = change.quantile
    shown = (change.before, change.after)
    return (
        facts.arms[change.arm],
        _figure_name(change),
        *(time(value) if quantile else number(value) for value in shown),
        time_interval(change.change) if quantile else number_interval(change.change),
        percent(change.slowdown),
    )


def _figure_name(change: Change) -> str:
    """`added p99`; `p99` where nothing is subtracted."""
    if change.quantile is None:
        return "answers per second"
    name = quantile_name(change.quantile)
    return name if change.arm in (DIRECT, ENVOY) else f"added {name}"
