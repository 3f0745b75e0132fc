"""Added latency at one cell, as bars with intervals."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from benchmarks.page.bars import Row, draw_rows, panel_height_px
from benchmarks.page.pen import Pen
from benchmarks.page.scales import tick_time
from benchmarks.report.phrases import SAID
from benchmarks.report.tables import ArmFigures, CellTable
from benchmarks.statistics import Estimate, NotEnough
from benchmarks.units import quantile_name, time_interval


def draw_added(table: CellTable, pen: Pen) -> Figure:
    """One panel for the median, one for p99; one bar for each arm with a policy."""
    rows = added_rows(table)
    figure = pen.figure(len(SAID) * panel_height_px(pen, len(rows)))
    titles = [f"Added to the {quantile_name(quantile)}" for quantile in SAID]
    for axes, quantile in zip(pen.panels(figure, titles, are_stacked=True), SAID, strict=True):
        draw_rows(axes, pen, [_row(row, quantile) for row in rows])
        _show_times(axes, pen)
    return figure


def added_rows(table: CellTable) -> Sequence[ArmFigures]:
    """The arms that something can be said of."""
    return [row for row in table.rows.values() if row.added_ns]


def has_added(table: CellTable) -> bool:
    """Whether there is a bar to be drawn."""
    return any(
        isinstance(row.added_ns[quantile], Estimate)
        for row in added_rows(table)
        for quantile in SAID
    )


def _show_times(axes: Axes, pen: Pen) -> None:
    """Ticks of an x axis in nanoseconds."""
    axes.xaxis.set_major_locator(MaxNLocator(4 if pen.layout.is_narrow else 6, steps=[1, 2, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda ns, _: tick_time(ns) if ns else "0"))


def _row(row: ArmFigures, quantile: float) -> Row:
    figure = row.added_ns[quantile]
    if isinstance(figure, NotEnough):
        return Row(arm=row.arm, text=figure.short)
    return Row(
        arm=row.arm, parts=[(figure.value, 1.0)], interval=figure, text=time_interval(figure)
    )
