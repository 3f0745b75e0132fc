"""Horizontal bars: one row for each arm, with its name at the left and its figure at the right.

Where there is no room at the left, names stand above their bars.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from matplotlib.axes import Axes

from benchmarks.page.pen import WIDE, Pen
from benchmarks.statistics import Estimate

PALE: Final = 0.4
"""How opaque the paler part of a bar is."""
_THICKNESS: Final = 0.62
_NARROW_THICKNESS: Final = 0.42
_HEAD_PX: Final = 62.0
"""What a panel's title, ticks and axis label take in the layout `WIDE`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One arm's bar."""

    arm: str
    parts: Sequence[tuple[float, float]] = ()
    """Lengths and how opaque they are, from the left; none if there is no figure."""
    interval: Estimate | None = None
    """Of the whole length."""
    text: str
    """The figure in words, or why there is none."""


def panel_height_px(pen: Pen, row_count: int) -> float:
    """How high a panel with that many rows is to be."""
    row_px = pen.layout.text_px * (3.1 if pen.layout.is_narrow else 1.9)
    return row_count * row_px + _HEAD_PX * pen.layout.text_px / WIDE.text_px


def draw_rows(axes: Axes, pen: Pen, rows: Sequence[Row]) -> None:
    """Draws all, the first on top, from 0."""
    for place, row in enumerate(rows):
        _draw(axes, pen, place, row)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.grid(visible=False, axis="y")
    axes.spines["left"].set_visible(False)
    axes.spines["bottom"].set_visible(False)
    axes.tick_params(length=0)
    axes.axvline(0, color=pen.theme["muted"], linewidth=1)
    _set_limits(axes, rows)
    _write_names(axes, pen, rows)


def _draw(axes: Axes, pen: Pen, place: int, row: Row) -> None:
    middle = place + (0.22 if pen.layout.is_narrow else 0.0)
    thickness = _NARROW_THICKNESS if pen.layout.is_narrow else _THICKNESS
    left = 0.0
    for length, opacity in row.parts:
        (bar,) = axes.barh(
            middle, length, thickness, left=left, color=pen.color(row.arm), alpha=opacity
        )
        bar.set_gid(f"series-{row.arm}")
        left += length
    if row.interval:
        _draw_interval(axes, pen, middle, row.interval)
    axes.annotate(
        row.text,
        xy=(1, middle),
        xycoords=("axes fraction", "data"),
        xytext=(pen.layout.text_px * 0.6, 0),
        textcoords="offset points",
        va="center",
        color=pen.theme["ink" if row.parts else "muted"],
        annotation_clip=False,
    )


def _draw_interval(axes: Axes, pen: Pen, middle: float, interval: Estimate) -> None:
    ends, middles = (interval.low, interval.high), (middle, middle)
    unit = pen.layout.text_px / WIDE.text_px
    rim, ink = pen.theme["paper"], pen.theme["ink"]
    axes.plot(ends, middles, color=rim, linewidth=4 * unit, solid_capstyle="butt")  # on dark bars
    axes.plot(ends, middles, color=ink, linewidth=1.5 * unit, marker="|")


def _set_limits(axes: Axes, rows: Sequence[Row]) -> None:
    ends = [0.0]
    for row in rows:
        ends.append(sum(length for length, _ in row.parts))
        ends += [row.interval.low, row.interval.high] if row.interval else []
    span = (max(ends) - min(ends)) or 1.0
    axes.set_xlim(min(ends) - (0.02 * span if min(ends) < 0 else 0), max(ends) + 0.02 * span)


def _write_names(axes: Axes, pen: Pen, rows: Sequence[Row]) -> None:
    names = [pen.titles[row.arm] for row in rows]
    if not pen.layout.is_narrow:
        axes.set_yticks(range(len(rows)), names)
        axes.tick_params(axis="y", labelcolor=pen.theme["ink"])
        return
    axes.set_yticks([])
    for place, name in enumerate(names):
        axes.annotate(
            name,
            xy=(0, place - 0.22),
            xycoords=("axes fraction", "data"),
            va="center",
            annotation_clip=False,
        ).set_in_layout(False)
