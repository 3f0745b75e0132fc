"""CPU at one cell: what the proxy takes, and what policy services take."""

from collections.abc import Sequence
from typing import Final

from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from benchmarks.page.bars import PALE, Row, draw_rows, panel_height_px
from benchmarks.page.pen import Pen
from benchmarks.report.tables import ArmFigures, CellTable
from benchmarks.units import number

PROXY: Final = "envoy"
"""The role of the proxy."""


def draw_cpu(table: CellTable, pen: Pen) -> Figure:
    """One bar for each arm that has a proxy, in two parts."""
    rows = cpu_rows(table)
    figure = pen.figure(panel_height_px(pen, len(rows)), pen.legend_px(1))
    (axes,) = pen.panels(figure, [""], are_stacked=True)
    draw_rows(axes, pen, [_row(row) for row in rows])
    axes.xaxis.set_major_locator(MaxNLocator(4 if pen.layout.is_narrow else 6))
    axes.set_xlabel("Seconds of CPU per 1,000 requests")
    _show_parts(figure, pen)
    return figure


def cpu_rows(table: CellTable) -> Sequence[ArmFigures]:
    """The arms whose processes were measured."""
    return [row for row in table.rows.values() if row.policy_cpu_s_per_1000]


def service_cpu_s_per_1000(row: ArmFigures) -> float:
    """CPU of policy services."""
    return row.policy_cpu_s_per_1000 - row.cpu_s_per_1000.get(PROXY, 0.0)


def _row(row: ArmFigures) -> Row:
    parts = [(row.cpu_s_per_1000.get(PROXY, 0.0), PALE), (service_cpu_s_per_1000(row), 1.0)]
    return Row(arm=row.arm, parts=parts, text=number(row.policy_cpu_s_per_1000))


def _show_parts(figure: Figure, pen: Pen) -> None:
    color = pen.theme["muted"]
    handles = [
        Patch(color=color, alpha=PALE, label="Envoy"),
        Patch(color=color, label="Mixer, or another policy service"),
    ]
    pen.legend(figure, handles, len(handles))
