"""Colours of arms against what eyes can tell apart.

The simulation of missing cones is that of Machado, Oliveira and Fernandes (2009) at full severity;
Oklab is Ottosson's (2020), in which 0.02 is just noticeable.
"""

from itertools import combinations

import numpy as np
import pytest

from benchmarks.page.palette import DARK, LIGHT, SYMBOLS, arm_styles

EYES = {
    "normal": np.eye(3),
    "without long cones": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "without middle cones": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "without short cones": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def linear(color):
    value = np.array([int(color[place : place + 2], 16) for place in (1, 3, 5)]) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def oklab(color, eyes):
    seen = np.clip(np.array(eyes) @ linear(color), 0, 1)
    return TO_LAB @ np.cbrt(TO_CONES @ seen)


def luminance(color):
    return float(np.array([0.2126, 0.7152, 0.0722]) @ linear(color))


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def arm_colors(theme):
    return [color for name, color in theme.items() if name.startswith(("arm-", "direct", "envoy"))]


@pytest.mark.parametrize("eyes", EYES.values(), ids=EYES)
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_eyes_of_all_kinds_tell_any_two_arms_apart(theme, eyes):
    distances = [
        np.linalg.norm(oklab(one, eyes) - oklab(other, eyes))
        for one, other in combinations(arm_colors(theme), 2)
    ]
    assert min(distances) > 0.06


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_arms_stand_out_from_the_paper_and_text_can_be_read(theme):
    assert min(contrast(color, theme["paper"]) for color in arm_colors(theme)) >= 3
    assert min(contrast(theme[name], theme["paper"]) for name in ("ink", "muted")) >= 4.5


def test_both_themes_and_the_stand_ins_have_the_same_names():
    assert list(LIGHT) == list(DARK) == list(SYMBOLS)
    assert len(set(SYMBOLS.values())) == len(SYMBOLS)


def test_arms_without_a_policy_are_grey_wherever_they_stand():
    styles = arm_styles({"lua": 3, "envoy": 1, "wasm-policy": 4, "direct": 0})
    assert {arm: style.color for arm, style in styles.items()} == {
        "direct": "direct",
        "envoy": "envoy",
        "lua": "arm-1",
        "wasm-policy": "arm-2",
    }


def test_an_arm_looks_the_same_whoever_else_takes_part():
    alone = arm_styles({"wasm-policy": 4})["wasm-policy"]
    assert alone == arm_styles({"native": 2, "lua": 3, "wasm-policy": 4})["wasm-policy"]


def test_no_two_of_many_arms_look_the_same():
    styles = arm_styles({f"arm{number}": number + 2 for number in range(18)})
    assert len(set(styles.values())) == len(styles)
    assert len({(style.color, style.dash) for style in styles.values()}) == len(styles)
