"""What is not in a chart, and why, in sentences."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from benchmarks.arm import ENVOY
from benchmarks.report.reasons import PAST_KNEE
from benchmarks.report.tables import ArmFigures, CellTable, Summary, Sweep
from benchmarks.report.trends import x_text
from benchmarks.statistics import Figure, NotEnough
from benchmarks.units import quantile_name

Reason = tuple[str, str]
"""An arm, and why something of it is missing."""


def latency_missing(summary: Summary, table: CellTable) -> list[str]:
    """For a chart of latency in one cell."""
    figures = {arm: row.latency_ns for arm, row in table.rows.items()}
    return [*other_missing(summary, table), *_unknown(summary, table, figures)]


def added_missing(summary: Summary, table: CellTable, said: Sequence[float]) -> list[str]:
    """For a chart of added latency in one cell, at the quantiles `said`."""
    figures = {arm: _said(row, said) for arm, row in table.rows.items()}
    return [*other_missing(summary, table), *_unknown(summary, table, figures)]


def other_missing(summary: Summary, table: CellTable) -> list[str]:
    """For a chart of anything else in one cell."""
    rejections = ((row.arm, _rejected(row)) for row in table.rows.values() if row.rejections)
    left_out = _left_out(summary, table.cell.scenario, table.rows)
    return [*left_out, *_sentences(summary, rejections)]


def sweep_missing(summary: Summary, sweep: Sweep, said: Sequence[float]) -> list[str]:
    """For a chart of added latency along a sweep."""
    reasons = (reason for arm in sweep.arms() for reason in _gaps(summary, sweep, arm, said))
    return [*_left_out(summary, sweep.scenario, sweep.arms()), *_sentences(summary, reasons)]


def _sentences(summary: Summary, reasons: Iterable[Reason]) -> list[str]:
    """One for each reason, with all arms that it holds for."""
    by_reason: dict[str, list[str]] = defaultdict(list)
    for arm, reason in reasons:
        by_reason[reason].append(summary.facts.arms[arm])
    return [f"{'; '.join(titles)}: {reason}." for reason, titles in by_reason.items()]


def _left_out(summary: Summary, scenario: str, measured: Iterable[str]) -> list[str]:
    """The arms that refused a scenario, and those that were not measured in it."""
    titles, arms = summary.facts.arms, set(measured)
    refused = {each.arm: each.why for each in summary.refusals if each.scenario == scenario}
    words = [f"{titles.get(arm, arm)} was left out: {why}." for arm, why in refused.items()]
    others = [title for arm, title in titles.items() if arm not in arms and arm not in refused]
    return [*words, *([f"Not measured here: {'; '.join(others)}."] if others else [])]


def _rejected(row: ArmFigures) -> str:
    count, why = len(row.rejections), "; ".join(dict.fromkeys(row.rejections))
    if not row.repetition_count:
        return f"all measurements were rejected: {why}"
    verb = "was" if count == 1 else "were"
    return f"{count} of {count + row.repetition_count} measurements {verb} rejected: {why}"


def _unknown(
    summary: Summary, table: CellTable, figures: Mapping[str, Mapping[float, Figure | float]]
) -> list[str]:
    reasons = (
        (arm, reason)
        for arm, by_quantile in figures.items()
        if table.rows[arm].repetition_count
        for reason in _not_enough(by_quantile)
    )
    return _sentences(summary, reasons)


def _not_enough(figures: Mapping[float, Figure | float]) -> Iterator[str]:
    for quantile, figure in figures.items():
        if isinstance(figure, NotEnough):
            yield f"not enough data for the {quantile_name(quantile)} ({figure.why})"


def _said(row: ArmFigures, said: Sequence[float]) -> Mapping[float, Figure]:
    return {q: figure for q, figure in row.added_ns.items() if q in said}


def _gaps(summary: Summary, sweep: Sweep, arm: str, said: Sequence[float]) -> Iterator[Reason]:
    """The points along a sweep at which something is missing, together for each reason."""
    points: dict[str, list[str]] = defaultdict(list)
    for x, table in zip(sweep.xs, sweep.tables, strict=True):
        if arm in table.rows:
            for reason in _gap(summary, table, arm, said):
                points[reason].append(x_text(sweep, x))
    return ((arm, f"at {', '.join(xs)}, {reason}") for reason, xs in points.items())


def _gap(summary: Summary, table: CellTable, arm: str, said: Sequence[float]) -> Iterator[str]:
    row = table.rows[arm]
    if summary.is_past_knee(table.cell, arm):
        yield PAST_KNEE
    elif not summary.is_past_knee(table.cell, ENVOY):
        if row.rejections:
            yield _rejected(row)
        if row.repetition_count:
            yield from _not_enough(_said(row, said))
