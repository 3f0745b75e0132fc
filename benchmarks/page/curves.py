"""The percentile curve: how slow the slowest half, tenth, hundredth of requests are."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks.page.labels import label_ends, legend_height_px, show_legend
from benchmarks.page.pen import Pen
from benchmarks.page.scales import nines, show_latency, show_percentiles
from benchmarks.report.tables import ArmFigures, CellTable

_FIRST = 0.5
_ROUNDING = 1e-6


def draw_curves(table: CellTable, pen: Pen) -> Figure:
    """One line for each arm that has one."""
    rows = [row for row in table.rows.values() if has_curve(row)]
    arms = [row.arm for row in rows]
    is_narrow = pen.layout.is_narrow
    figure = pen.figure(300, legend_height_px(pen, arms)) if is_narrow else pen.figure(440)
    (axes,) = pen.panels(figure, [""], are_stacked=True)
    ends = {row.arm: _draw(axes, pen, row) for row in rows}
    show_percentiles(axes, max(row.curve.quantiles[-1] for row in rows))
    show_latency(axes, [ns for row in rows for _, ns in _points(row)])
    if is_narrow:
        show_legend(figure, pen, arms)
    else:
        label_ends(axes, pen, ends)
    return figure


def has_curve(row: ArmFigures) -> bool:
    """Whether enough was answered for a line from the median on."""
    return len(_points(row)) > 1


def _draw(axes: Axes, pen: Pen, row: ArmFigures) -> tuple[float, float]:
    """Returns where the line ends."""
    points = [(nines(quantile), ns) for quantile, ns in _points(row)]
    style, color = pen.styles[row.arm], pen.color(row.arm)
    xs, ys = zip(*points, strict=True)
    (line,) = axes.plot(xs, ys, color=color, linestyle=style.dash)
    line.set_gid(f"series-{row.arm}")
    marked = [
        (nines(q), ns)
        for q, ns in row.latency_ns.items()
        if isinstance(ns, float) and nines(q) <= points[-1][0] + _ROUNDING
    ]
    if style.marker and marked:
        axes.plot(*zip(*marked, strict=True), color=color, marker=style.marker, linestyle="")
    return points[-1]


def _points(row: ArmFigures) -> Sequence[tuple[float, float]]:
    first = row.latency_ns[_FIRST]
    if not isinstance(first, float):
        return []
    points = zip(row.curve.quantiles, row.curve.latency_ns, strict=True)
    return [(_FIRST, first), *((q, ns) for q, ns in points if q > _FIRST)]
