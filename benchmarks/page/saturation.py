"""Throughput when every connection always has a request on its way."""

from collections.abc import Sequence

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, StrMethodFormatter

from benchmarks.page.bars import Row, draw_rows, panel_height_px
from benchmarks.page.pen import Pen
from benchmarks.report.tables import ArmFigures, CellTable
from benchmarks.statistics import Estimate
from benchmarks.units import number, number_interval


def draw_saturation(table: CellTable, pen: Pen) -> Figure:
    """One bar for each arm."""
    rows = saturation_rows(table)
    figure = pen.figure(panel_height_px(pen, len(rows)))
    (axes,) = pen.panels(figure, [""], are_stacked=True)
    draw_rows(axes, pen, [_row(row) for row in rows])
    axes.xaxis.set_major_locator(MaxNLocator(4 if pen.layout.is_narrow else 6))
    axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    axes.set_xlabel("Answers per second")
    return figure


def saturation_rows(table: CellTable) -> Sequence[ArmFigures]:
    """The arms that have answered."""
    return [row for row in table.rows.values() if row.throughput_per_s]


def throughput(row: ArmFigures) -> str:
    """With its interval, if there is one."""
    if isinstance(row.throughput, Estimate):
        return number_interval(row.throughput)
    return number(row.throughput_per_s)


def _row(row: ArmFigures) -> Row:
    known = row.throughput if isinstance(row.throughput, Estimate) else None
    value = known.value if known else row.throughput_per_s
    return Row(arm=row.arm, parts=[(value, 1.0)], interval=known, text=throughput(row))
