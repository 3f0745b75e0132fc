"""What a chart is drawn with: a layout for the place where it is shown, colours and arms.

Figures are drawn at 72 dots per inch, so that matplotlib's points are pixels.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import matplotlib as mpl
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks.page.palette import ArmStyle, Theme

DOTS_PER_INCH: Final = 72
_LEGEND_LINE: Final = 1.45
"""How high a line of a legend is, in relation to its text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Where a chart is shown."""

    name: str
    width_px: float
    text_px: float
    height_px: float | None = None
    """None if each chart is as high as it needs."""
    is_narrow: bool = False
    """Whether there is no room for anything beside the plot."""
    margins_px: tuple[float, float, float, float] = (0, 0, 0, 0)
    """Left, top, right and bottom: kept free."""


WIDE: Final = Layout(name="wide", width_px=920, text_px=13.5)
"""A page on a screen; from 750 px on its text has 11 px at least."""
NARROW: Final = Layout(name="narrow", width_px=350, text_px=12, is_narrow=True)
"""A page on a phone."""
SLIDE: Final = Layout(
    name="slide", width_px=1600, text_px=22, height_px=900, margins_px=(40, 120, 40, 110)
)
"""A picture for a slide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pen:
    """Draws in one layout, with one theme."""

    layout: Layout
    theme: Theme
    styles: Mapping[str, ArmStyle]
    """By arm."""
    titles: Mapping[str, str]
    """By arm."""

    def color(self, arm: str) -> str:
        """An arm's colour."""
        return self.theme[self.styles[arm].color]

    def figure(self, plots_px: float, legend_px: float = 0) -> Figure:
        """A new figure, as high as its parts or as the layout says; the legend is at the bottom."""
        width_px = self.layout.width_px
        height_px = self.layout.height_px or plots_px + legend_px
        figure = Figure(
            figsize=(width_px / DOTS_PER_INCH, height_px / DOTS_PER_INCH),
            dpi=DOTS_PER_INCH,
        )
        left, top, right, bottom = self.layout.margins_px
        bottom += legend_px
        inner = (width_px - left - right) / width_px, (height_px - top - bottom) / height_px
        figure.set_layout_engine(
            "constrained",
            rect=(left / width_px, bottom / height_px, *inner),
            w_pad=0.03,
            h_pad=0.06,
            hspace=0.05,
        )
        return figure

    def legend(self, figure: Figure, handles: Sequence[Artist], columns: int = 1) -> None:
        """Puts a legend where `figure` has left room for one."""
        left, _, _, bottom = self.layout.margins_px
        width_px, height_px = figure.get_size_inches() * DOTS_PER_INCH
        figure.legend(
            handles=handles,
            loc="lower left",
            bbox_to_anchor=(left / width_px, bottom / height_px),
            ncols=columns,
            borderpad=0.2,
            borderaxespad=0,
            labelspacing=_LEGEND_LINE - 1,
            columnspacing=1.2,
        )

    def legend_px(self, lines: int) -> float:
        """How high a legend is that has so many lines."""
        return (lines * _LEGEND_LINE + 0.8) * self.layout.text_px

    def panels(self, figure: Figure, titles: list[str], *, are_stacked: bool) -> list[Axes]:
        """Plots of one size, each with its title, below or beside each other."""
        count = len(titles)
        grid = figure.subplots(
            count if are_stacked else 1, 1 if are_stacked else count, squeeze=False
        )
        panels = list(grid.flat)
        for axes, title in zip(panels, titles, strict=True):
            axes.set_title(title, loc="left", fontsize=self.layout.text_px, fontweight="bold")
        return panels

    @contextmanager
    def style(self) -> Iterator[None]:
        """Within it, whatever matplotlib draws looks as the page does."""
        with mpl.rc_context(self._parameters()):
            yield

    def _parameters(self) -> dict[Any, Any]:
        ink, muted, grid = (self.theme[name] for name in ("ink", "muted", "grid"))
        return {
            "font.family": "DejaVu Sans",  # comes with matplotlib: the same layout everywhere
            "font.size": self.layout.text_px,
            "svg.fonttype": "none",
            "svg.hashsalt": self.layout.name,
            "text.color": ink,
            "text.parse_math": False,  # a $ in a reason is no formula
            "axes.labelcolor": muted,
            "axes.labelsize": self.layout.text_px,
            "axes.edgecolor": muted,
            "axes.facecolor": "none",
            "figure.facecolor": "none",
            "savefig.facecolor": "none",
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.grid": True,
            "axes.axisbelow": True,
            "grid.color": grid,
            "grid.linewidth": 1.0,
            "xtick.color": muted,
            "ytick.color": muted,
            "xtick.labelsize": self.layout.text_px,
            "ytick.labelsize": self.layout.text_px,
            "legend.frameon": False,
            "legend.fontsize": self.layout.text_px,
            "lines.linewidth": 2.0 * self.layout.text_px / WIDE.text_px,
            "lines.markersize": 6.5 * self.layout.text_px / WIDE.text_px,
        }
