"""All charts of a run, in the order of the page."""

import re
from collections.abc import Callable
from functools import partial

from matplotlib.figure import Figure

from benchmarks.page.added import draw_added, has_added
from benchmarks.page.chart import Chart
from benchmarks.page.cpu import cpu_rows, draw_cpu
from benchmarks.page.curves import draw_curves, has_curve
from benchmarks.page.missing import (
    added_missing,
    latency_missing,
    other_missing,
    sweep_missing,
)
from benchmarks.page.numbers import (
    added_table,
    cost_table,
    latency_table,
    saturation_table,
    sweep_table,
)
from benchmarks.page.pen import Pen
from benchmarks.page.saturation import draw_saturation, saturation_rows
from benchmarks.page.sweep import draw_sweep, sweep_arms
from benchmarks.report.phrases import SAID
from benchmarks.report.tables import CellTable, Summary, Sweep
from benchmarks.report.verdict import verdict
from benchmarks.report.wording import cell_title, sweep_title


def cell_charts(summary: Summary, table: CellTable, suffix: str) -> list[Chart]:
    """Of a base cell; `suffix` sets its names apart from those of others."""
    scenario = summary.facts.scenarios[table.cell.scenario]
    chart = partial(Chart, subtitle=cell_title(table.cell))
    return [
        chart(
            name=f"curves-{suffix}",
            title=f"{scenario}: latency by percentile",
            reading="Lower is better. Further right are slower requests: at 99 %, one request in "
            "a hundred took longer. Both scales are logarithmic. A line ends where fewer than 10 "
            "answers lie beyond, or where the generator was too late in a repetition.",
            draw=_drawing(draw_curves, table, is_any=any(map(has_curve, table.rows.values()))),
            tables=[latency_table(summary, table)],
            missing=latency_missing(summary, table),
        ),
        chart(
            name=f"added-{suffix}",
            title=f"{scenario}: added latency",
            reading="What each arm takes longer than Envoy alone. The thin line is the 95 % "
            "interval: if two arms' lines overlap, the chart does not tell them apart.",
            draw=_drawing(draw_added, table, is_any=has_added(table)),
            tables=[added_table(summary, table)],
            missing=added_missing(summary, table, SAID),
        ),
        chart(
            name=f"cpu-{suffix}",
            title=f"{scenario}: CPU per 1,000 requests",
            reading="Pale: Envoy with the filters in it. Full colour: Mixer, or another policy "
            "service. The upstream and the generator are not in it.",
            draw=_drawing(draw_cpu, table, is_any=bool(cpu_rows(table))),
            tables=[cost_table(summary, table)],
            missing=other_missing(summary, table),
        ),
    ]


def sweep_chart(summary: Summary, sweep: Sweep, suffix: str) -> Chart:
    """Of one sweep."""
    title = sweep_title(summary.facts, sweep)
    return Chart(
        name=f"{sweep.name}-{suffix}",
        title=title,
        subtitle=_in_common(sweep),
        reading="Added latency, with 95 % intervals. The scale is straight up to 10 µs, and "
        "logarithmic beyond.",
        draw=partial(draw_sweep, summary, sweep) if sweep_arms(summary, sweep) else None,
        tables=[sweep_table(summary, sweep, quantile) for quantile in SAID],
        missing=sweep_missing(summary, sweep, SAID),
        sentences=[
            sentence
            for paragraph in verdict(summary)
            if paragraph.title == title
            for sentence in paragraph.sentences
        ],
    )


def saturation_chart(summary: Summary, table: CellTable, suffix: str) -> Chart:
    """Of one saturated cell."""
    scenario = summary.facts.scenarios[table.cell.scenario]
    return Chart(
        name=f"saturation-{suffix}",
        title=f"{scenario}: throughput at saturation",
        subtitle=cell_title(table.cell),
        reading="More is better. Every connection has a request on its way all the time; latency "
        "means nothing here. The generator takes a part of the same machine.",
        draw=_drawing(draw_saturation, table, is_any=bool(saturation_rows(table))),
        tables=[saturation_table(summary, table)],
        missing=other_missing(summary, table),
    )


def _drawing(
    draw: Callable[[CellTable, Pen], Figure], table: CellTable, *, is_any: bool
) -> Callable[[Pen], Figure] | None:
    """How a cell is drawn; None if it has nothing to be drawn."""
    return partial(draw, table) if is_any else None


def _in_common(sweep: Sweep) -> str:
    """What all cells of a sweep are alike in."""
    first, last = (re.split(", | over ", cell_title(sweep.tables[place].cell)) for place in (0, -1))
    return ", ".join(part for part in first if part in last)
