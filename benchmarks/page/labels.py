"""Which line is which: names at the ends of lines where there is room, else a legend."""

from collections.abc import Mapping, Sequence
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Annotation

from benchmarks.page.pen import Pen

_LETTER: Final = 0.6
"""About how wide a letter is, in relation to the size of text."""
_LINE: Final = 1.4
"""How far lines of text are apart, in relation to its size."""
_SAMPLE_PX: Final = 60.0
"""What a legend's sample and gaps take."""
_NAMES_AT: Final = 1.05
"""Where names begin to the right of a plot, in relation to its width."""


def show_legend(figure: Figure, pen: Pen, arms: Sequence[str]) -> None:
    """Below the plots, in as many columns as fit."""
    pen.legend(figure, [_sample(pen, arm) for arm in arms], _columns(pen, arms))


def legend_height_px(pen: Pen, arms: Sequence[str]) -> float:
    """How much height `show_legend` takes."""
    return pen.legend_px(-(-len(arms) // _columns(pen, arms)))


def label_ends(axes: Axes, pen: Pen, ends: Mapping[str, tuple[float, float]]) -> None:
    """Writes each arm's title to the right of the plot, beside the end of its line.

    Titles that would overlap move apart, each with a thin line to where it belongs.
    """
    names = {arm: _name(axes, pen, arm, end) for arm, end in ends.items()}
    figure = axes.get_figure(root=True)
    assert figure is not None
    figure.draw_without_rendering()  # only now the plot has its size
    height_px = axes.get_window_extent().height
    to_share = axes.transData + axes.transAxes.inverted()
    wanted_px = {arm: to_share.transform(end)[1] * height_px for arm, end in ends.items()}
    arms = sorted(wanted_px, key=wanted_px.__getitem__)
    gap_px = pen.layout.text_px * _LINE
    places_px = spread([wanted_px[arm] for arm in arms], gap_px, height_px)
    for arm, place_px in zip(arms, places_px, strict=True):
        names[arm].set_position((_NAMES_AT, place_px / height_px))


def spread(wanted: Sequence[float], gap: float, highest: float) -> list[float]:
    """Positions at least `gap` apart, as near to the rising `wanted` ones as can be.

    Groups that touch are centred on the mean of what their members want, but none is above
    `highest`.
    """
    groups: list[list[float]] = []
    for position in wanted:
        groups.append([position])
        while len(groups) > 1 and _overlap(groups[-2], groups[-1], gap, highest):
            last = groups.pop()
            groups[-1].extend(last)
    return [
        _bottom(group, gap, highest) + gap * index
        for group in groups
        for index in range(len(group))
    ]


def _overlap(lower: Sequence[float], upper: Sequence[float], gap: float, highest: float) -> bool:
    return _bottom(lower, gap, highest) + gap * len(lower) > _bottom(upper, gap, highest)


def _bottom(group: Sequence[float], gap: float, highest: float) -> float:
    reach = gap * (len(group) - 1)
    return min(sum(group) / len(group) - reach / 2, highest - reach)


def _columns(pen: Pen, arms: Sequence[str]) -> int:
    longest = max((len(pen.titles[arm]) for arm in arms), default=0)
    column_px = longest * _LETTER * pen.layout.text_px + _SAMPLE_PX
    return max(1, int(pen.layout.width_px / column_px))


def _sample(pen: Pen, arm: str) -> Line2D:
    style = pen.styles[arm]
    return Line2D(
        [],
        [],
        color=pen.color(arm),
        marker=style.marker,
        linestyle=style.dash,
        label=pen.titles[arm],
    )


def _name(axes: Axes, pen: Pen, arm: str, end: tuple[float, float]) -> Annotation:
    return axes.annotate(
        pen.titles[arm],
        xy=end,
        xytext=(_NAMES_AT, 0.5),
        textcoords="axes fraction",
        va="center",
        annotation_clip=False,
        arrowprops={
            "arrowstyle": "-",
            "color": pen.color(arm),
            "linewidth": 1,
            "shrinkA": 2,
            "shrinkB": 0,
            "relpos": (0, 0.5),
        },
    )
