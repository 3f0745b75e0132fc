"""A summary as tables on a terminal, or as plain text."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from benchmarks.arm import ENVOY
from benchmarks.cell import RunFacts
from benchmarks.report.reasons import PAST_KNEE
from benchmarks.report.tables import ArmFigures, CellTable, Knee, Noise, Summary, Sweep
from benchmarks.report.taken import taken_facts
from benchmarks.report.trends import x_text
from benchmarks.report.verdict import Paragraph, verdict
from benchmarks.report.wording import PROTOCOL_NAMES, sweep_title, table_title, warnings
from benchmarks.statistics import Estimate
from benchmarks.units import (
    NOT_ENOUGH,
    number,
    number_interval,
    percent,
    quantile_name,
    size,
    time,
    time_cell,
)
from mixer.cli.screen import Screen

_LATENCY_COLUMNS: Final = ("arm", "p50", "p99", "p99.9", "+ p50", "+ p90", "+ p99", "+ p99.9")
_COST_COLUMNS: Final = ("arm", "CPU", "of it Envoy", "memory", "calls", "answers", "repetitions")
_NOISE_COLUMNS: Final = (
    *("cell", "medians of Envoy alone", "differences seen from", "host took", ""),
)
_SATURATION_COLUMNS: Final = ("arm", "answers per second", "CPU", "of it Envoy")
_NOTES: Final = """
p50 … p99.9   latency from when a request was meant to leave, all that can be trusted there together
+ p50 …       added to Envoy alone in the same repetition: median and 95 % interval
CPU           seconds per 1,000 requests, of all processes but upstream and load
memory        resident, of all processes but upstream and load
calls         of a policy service, per request"""


def show(summary: Summary, screen: Screen) -> None:
    """Prints everything."""
    _show_facts(summary, screen)
    for warning in warnings(summary):
        screen.line(f"! {warning}", "yellow")
    for table in summary.base:
        _show_cell(summary.facts, table, screen)
    for sweep in summary.sweeps:
        for quantile in (0.5, 0.99):
            _show_sweep(summary, sweep, quantile, screen)
    for table in summary.saturation:
        _show_saturation(summary.facts, table, screen)
    _show_knees(summary, summary.knees, screen)
    _show_noise(summary.facts, summary.noise, screen)
    screen.line(_NOTES, "dim")
    _show_verdict(verdict(summary), screen)


def _show_facts(summary: Summary, screen: Screen) -> None:
    facts = summary.facts
    own = {
        "started": facts.started,
        "command": facts.command,
        "seed": str(facts.seed),
        "protocol": PROTOCOL_NAMES.get(facts.protocol, facts.protocol),
        "pacing": facts.pacing,
    }
    screen.facts("Run", {**own, **facts.environment, **taken_facts(summary)})


def _show_cell(facts: RunFacts, table: CellTable, screen: Screen) -> None:
    screen.heading(table_title(facts, table.cell))
    _show_rows(facts, table, _LATENCY_COLUMNS, _latency_cells, screen)
    screen.line()
    _show_rows(facts, table, _COST_COLUMNS, _cost_cells, screen)


def _show_rows(
    facts: RunFacts,
    table: CellTable,
    columns: Sequence[str],
    cells: Callable[[ArmFigures], Iterable[str]],
    screen: Screen,
) -> None:
    screen.table(columns, [(facts.arms[row.arm], *cells(row)) for row in table.rows.values()])


def _latency_cells(row: ArmFigures) -> list[str]:
    return [
        *(time_cell(row.latency_ns[quantile]) for quantile in (0.5, 0.99, 0.999)),
        *(
            time_cell(row.added_ns[quantile]) if row.added_ns else ""
            for quantile in (0.5, 0.9, 0.99, 0.999)
        ),
    ]


def _cost_cells(row: ArmFigures) -> list[str]:
    memory = sum(size_bytes for role, size_bytes in row.rss_bytes.items() if role != "upstream")
    return [
        number(row.policy_cpu_s_per_1000),
        _envoy_cpu(row),
        size(memory) if memory else "",
        number(row.policy_calls_per_request),
        f"{row.answered_count:,}",
        str(row.repetition_count),
    ]


def _envoy_cpu(row: ArmFigures) -> str:
    return number(row.cpu_s_per_1000["envoy"]) if "envoy" in row.cpu_s_per_1000 else ""


def _show_sweep(summary: Summary, sweep: Sweep, quantile: float, screen: Screen) -> None:
    titles = summary.facts.arms
    screen.heading(f"{sweep_title(summary.facts, sweep)}: added {quantile_name(quantile)}")
    if not any(_has_figures(table, quantile) for table in sweep.tables):
        screen.line(NOT_ENOUGH)
        return
    rows = [(titles[arm], *_sweep_cells(summary, sweep, arm, quantile)) for arm in sweep.arms()]
    columns = ("arm", *(x_text(sweep, x) for x in sweep.xs))
    screen.table(columns, [row for row in rows if any(row[1:])])


def _has_figures(table: CellTable, quantile: float) -> bool:
    return any(isinstance(row.added_ns.get(quantile), Estimate) for row in table.rows.values())


def _sweep_cells(summary: Summary, sweep: Sweep, arm: str, quantile: float) -> Iterator[str]:
    for table in sweep.tables:
        row = table.rows.get(arm)
        if not row or not row.added_ns:
            yield ""
        elif any(summary.is_past_knee(table.cell, each) for each in (ENVOY, arm)):
            yield PAST_KNEE
        else:
            yield time_cell(row.added_ns[quantile])


def _show_saturation(facts: RunFacts, table: CellTable, screen: Screen) -> None:
    screen.heading(table_title(facts, table.cell))
    _show_rows(facts, table, _SATURATION_COLUMNS, _saturation_cells, screen)


def _saturation_cells(row: ArmFigures) -> list[str]:
    known = number_interval(row.throughput) if isinstance(row.throughput, Estimate) else None
    return [
        known or number(row.throughput_per_s),
        number(row.policy_cpu_s_per_1000),
        _envoy_cpu(row),
    ]


def _show_knees(summary: Summary, knees: Sequence[Knee], screen: Screen) -> None:
    if not knees:
        return
    screen.heading("Knees: the highest measured rate that keeps p99")
    rows = [
        (
            summary.facts.scenarios[knee.scenario],
            summary.facts.arms[knee.arm],
            number(knee.rate_per_s) + (" or more" if knee.is_open else ""),
        )
        for knee in knees
    ]
    screen.table(("scenario", "arm", "requests per second"), rows)


def _show_noise(facts: RunFacts, noises: Sequence[Noise], screen: Screen) -> None:
    screen.heading("Noise: how far repetitions lie apart")
    rows = [
        (
            table_title(facts, noise.cell),
            percent(noise.envoy_spread) if noise.envoy_spread is not None else NOT_ENOUGH,
            time(noise.floor_ns) if noise.floor_ns is not None else NOT_ENOUGH,
            percent(noise.stolen.median) if noise.stolen else "",
            "too noisy" if noise.is_too_noisy else "",
        )
        for noise in noises
    ]
    screen.table(_NOISE_COLUMNS, rows)


def _show_verdict(paragraphs: Sequence[Paragraph], screen: Screen) -> None:
    for paragraph in paragraphs:
        screen.heading(paragraph.title)
        for sentence in paragraph.sentences:
            screen.line(f"- {sentence}")
