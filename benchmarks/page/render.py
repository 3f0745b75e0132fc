"""A chart as drawings for the page, and as a picture for a slide."""

import textwrap
from pathlib import Path
from typing import Final

from matplotlib.figure import Figure

from benchmarks.cell import RunFacts
from benchmarks.page.chart import Chart
from benchmarks.page.palette import LIGHT, SYMBOLS, Theme, arm_styles
from benchmarks.page.pen import NARROW, SLIDE, WIDE, Layout, Pen
from benchmarks.page.svg import to_svg

_NOTE_PX: Final = 16
_NOTE_LETTERS: Final = 165
_MOST_NOTE_LINES: Final = 4


def drawings(chart: Chart, facts: RunFacts) -> dict[str, str]:
    """The chart as SVG, by name of layout: one for screens and one for phones."""
    return {
        layout.name: _drawing(chart, pen_for(facts, layout, SYMBOLS)) for layout in (WIDE, NARROW)
    }


def write_slide(chart: Chart, facts: RunFacts, file: Path) -> None:
    """The chart as PNG of 1600 x 900 pixels, with its title and with what is missing."""
    pen = pen_for(facts, SLIDE, LIGHT)
    with pen.style():
        figure = _draw(chart, pen)
        _write_around(figure, chart, pen, facts)
        figure.savefig(file, format="png", facecolor=LIGHT["paper"], metadata={"Software": None})


def pen_for(facts: RunFacts, layout: Layout, theme: Theme) -> Pen:
    """Draws the arms of a run."""
    return Pen(layout=layout, theme=theme, styles=arm_styles(facts.color_orders), titles=facts.arms)


def _drawing(chart: Chart, pen: Pen) -> str:
    with pen.style():
        return to_svg(_draw(chart, pen), f"{chart.name}-{pen.layout.name}", chart.description)


def _draw(chart: Chart, pen: Pen) -> Figure:
    assert chart.draw is not None
    return chart.draw(pen)


def _write_around(figure: Figure, chart: Chart, pen: Pen, facts: RunFacts) -> None:
    left, top, _, bottom = pen.layout.margins_px
    width, height = pen.layout.width_px, pen.layout.height_px or 0
    x, muted = left / width, pen.theme["muted"]
    figure.text(x, 1 - top * 0.27 / height, chart.title, size=32, weight="bold", va="top")
    figure.text(x, 1 - top * 0.66 / height, chart.subtitle, size=19, color=muted, va="top")
    missing = ["Not in this chart:", *chart.missing] if chart.missing else []
    notes = [f"Run of {facts.started}, seed {facts.seed}.", *missing]
    lines = textwrap.wrap(
        " ".join(notes), _NOTE_LETTERS, max_lines=_MOST_NOTE_LINES, placeholder=" … (see the page)"
    )
    figure.text(x, bottom * 0.85 / height, "\n".join(lines), size=_NOTE_PX, color=muted, va="top")
