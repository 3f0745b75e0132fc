"""Added latency along a sweep: one line for each arm, one panel for the median, one for p99."""

from collections.abc import Iterator, Sequence
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks.arm import ENVOY
from benchmarks.page.labels import legend_height_px, show_legend
from benchmarks.page.pen import Pen
from benchmarks.page.scales import show_added, show_numbers
from benchmarks.report.phrases import SAID
from benchmarks.report.tables import Summary, Sweep
from benchmarks.report.trends import x_text
from benchmarks.statistics import Estimate
from benchmarks.units import quantile_name

LOGARITHMIC: Final = frozenset({"connections", "rate", "rules"})
"""Sweeps over many orders of magnitude; the points of `EVEN` ones are evenly spaced."""
EVEN: Final = frozenset({"hits", "delay"})

Line = Sequence[tuple[int, Estimate]]
"""Numbers of points along the sweep, and what was found there."""


def draw_sweep(summary: Summary, sweep: Sweep, pen: Pen) -> Figure:
    """All arms that have a figure anywhere on it."""
    arms = sweep_arms(summary, sweep)
    is_narrow = pen.layout.is_narrow
    panels_px = 2 * 270 if is_narrow else 350
    figure = pen.figure(panels_px, legend_height_px(pen, arms))
    titles = [f"Added to the {quantile_name(quantile)}" for quantile in SAID]
    for axes, quantile in zip(pen.panels(figure, titles, are_stacked=is_narrow), SAID, strict=True):
        lines = {arm: sweep_line(summary, sweep, arm, quantile) for arm in arms}
        _draw_panel(axes, pen, sweep, {arm: line for arm, line in lines.items() if line})
    show_legend(figure, pen, arms)
    return figure


def sweep_arms(summary: Summary, sweep: Sweep) -> list[str]:
    """The arms that have something to be drawn."""
    return [
        arm
        for arm in sweep.arms()
        if any(sweep_line(summary, sweep, arm, quantile) for quantile in SAID)
    ]


def sweep_line(summary: Summary, sweep: Sweep, arm: str, quantile: float) -> Line:
    """What is known of an arm, before its knee and that of Envoy alone."""
    return list(_sweep_line(summary, sweep, arm, quantile))


def _sweep_line(
    summary: Summary, sweep: Sweep, arm: str, quantile: float
) -> Iterator[tuple[int, Estimate]]:
    for place, table in enumerate(sweep.tables):
        row = table.rows.get(arm)
        figure = row.added_ns.get(quantile) if row else None
        is_past = any(summary.is_past_knee(table.cell, each) for each in (ENVOY, arm))
        if isinstance(figure, Estimate) and not is_past:
            yield place, figure


def _draw_panel(axes: Axes, pen: Pen, sweep: Sweep, lines: dict[str, Line]) -> None:
    xs = list(map(float, range(len(sweep.xs)))) if sweep.name in EVEN else list(sweep.xs)
    for arm, line in lines.items():
        _draw_line(axes, pen, arm, [(xs[place], figure) for place, figure in line])
    texts = [x_text(sweep, x) for x in sweep.xs]
    room = int(pen.layout.width_px / pen.layout.text_px * (1.4 if pen.layout.is_narrow else 0.7))
    show_numbers(axes, dict(zip(xs, texts, strict=True)), room, is_log=sweep.name in LOGARITHMIC)
    ends = [end for line in lines.values() for _, figure in line for end in _ends(figure)]
    show_added(axes, ends)
    spaced = ", evenly spaced" if sweep.name in EVEN else ""
    axes.set_xlabel(f"{sweep.x_title}{spaced}")


def _draw_line(axes: Axes, pen: Pen, arm: str, line: Sequence[tuple[float, Estimate]]) -> None:
    style = pen.styles[arm]
    xs, figures = zip(*line, strict=True)
    values = [figure.value for figure in figures]
    drawn = axes.errorbar(
        xs,
        values,
        yerr=[
            [figure.value - figure.low for figure in figures],
            [figure.high - figure.value for figure in figures],
        ],
        color=pen.color(arm),
        marker=style.marker,
        linestyle=style.dash,
        elinewidth=1,
        capsize=2,
    )
    drawn.lines[0].set_gid(f"series-{arm}")


def _ends(figure: Estimate) -> tuple[float, float, float]:
    return figure.low, figure.value, figure.high
