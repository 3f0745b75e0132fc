"""Colours: the same arm has the same one everywhere, and no two arms look alike.

In each theme, any two colours of arms are at least 0.08 apart in Oklab (0.02 is just noticeable)
for normal eyes and for those that lack a kind of cones (Machado, Oliveira and Fernandes, 2009), and
all stand out from the paper by 3 : 1 (WCAG 1.4.11). Arms also have markers of their own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from benchmarks.arm import DIRECT, ENVOY

Theme = Mapping[str, str]
"""Names of colours → colours."""

LIGHT: Final[Theme] = {
    "paper": "#ffffff",
    "ink": "#1b1f24",
    "muted": "#59616b",
    "grid": "#e1e4e8",
    "direct": "#777777",
    "envoy": "#1a1a1a",
    "arm-0": "#48a160",
    "arm-1": "#b87eb2",
    "arm-2": "#2773b8",
    "arm-3": "#f55c19",
    "arm-4": "#991b41",
    "arm-5": "#2f40c2",
    "arm-6": "#8e6efa",
    "arm-7": "#aa551b",
    "arm-8": "#66447e",
}
"""On white."""
DARK: Final[Theme] = {
    "paper": "#15181d",
    "ink": "#e8eaed",
    "muted": "#a3abb5",
    "grid": "#2f353d",
    "direct": "#8f8f8f",
    "envoy": "#f2f2f2",
    "arm-0": "#5aca94",
    "arm-1": "#be47b8",
    "arm-2": "#2e79f5",
    "arm-3": "#eb881f",
    "arm-4": "#de3e2d",
    "arm-5": "#7adaf8",
    "arm-6": "#b0a2fe",
    "arm-7": "#f3c530",
    "arm-8": "#a9ff96",
}
"""On nearly black."""
SYMBOLS: Final[Theme] = {name: f"#fe{index:04x}" for index, name in enumerate(LIGHT)}
"""Stand-ins, for drawings that get the reader's theme later: see `svg`."""

_BASELINES: Final = (DIRECT, ENVOY)
_MARKERS: Final = "os^DvPXh<>p"
_HUES: Final = sum(name.startswith("arm-") for name in LIGHT)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmStyle:
    """How an arm looks in all charts."""

    color: str
    """Its name in a theme."""
    marker: str
    """In matplotlib's letters."""
    dash: Literal["-", "--", ":"] = "-"
    """In matplotlib's terms."""


def arm_styles(color_orders: Mapping[str, int]) -> dict[str, ArmStyle]:
    """By arm, from its `Arm.color_order`, whichever other arms there are.

    Baselines are grey, and have the first places; with many arms, colours begin again, and lines
    are dashed.
    """
    styles = {
        DIRECT: ArmStyle(color="direct", marker="", dash=":"),
        ENVOY: ArmStyle(color="envoy", marker=""),
    }
    for arm, order in color_orders.items():
        if arm in _BASELINES:
            continue
        index = max(order - len(_BASELINES), 0)
        styles[arm] = ArmStyle(
            color=f"arm-{index % _HUES}",
            marker=_MARKERS[index % len(_MARKERS)],
            dash="-" if index < _HUES else "--",
        )
    return styles
