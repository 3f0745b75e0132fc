"""The page in a real browser, as wide as a screen and as wide as a phone, light and dark."""

import numpy as np
import pytest
from PIL import Image

from benchmarks.page.palette import DARK, LIGHT
from tests.benchmarks.page.browser import Browser, find_chromium
from tests.benchmarks.page.drawn import charts

pytestmark = pytest.mark.chromium

SCREEN, PHONE = 1280, 390
LAYOUTS = {SCREEN: "drawing wide", PHONE: "drawing narrow"}


@pytest.fixture(scope="module")
def program():
    return find_chromium()


@pytest.fixture(scope="module")
def browser(program, page, tmp_path_factory):
    return Browser(program, page, tmp_path_factory.mktemp("browser"))


@pytest.fixture(scope="module", params=[SCREEN, PHONE])
def seen(request, browser):
    """What the browser shows at a width; its console has stayed silent."""
    return browser.measure(request.param)


def test_nothing_scrolls_sideways(seen):
    assert seen["scrollWidth"] == seen["width"]


def test_every_chart_is_there_in_the_layout_for_the_width(seen, page):
    assert [chart["name"] for chart in seen["charts"]] == list(charts(page))
    for chart in seen["charts"]:
        (drawing,) = chart["drawings"]
        assert drawing["layout"] == LAYOUTS[seen["width"]]
        assert drawing["height"] > 100


def test_text_in_charts_can_be_read(seen):
    for chart in seen["charts"]:
        (drawing,) = chart["drawings"]
        assert drawing["smallest"] >= 11, chart["name"]
        assert drawing["outside"] == [], chart["name"]
        assert drawing["overlapping"] == [], chart["name"]


@pytest.mark.parametrize("width", [400, 600, 799, 800, 1024])
def test_charts_can_be_read_at_widths_in_between(browser, width):
    found = browser.measure(width)
    assert found["scrollWidth"] == width
    drawings = [chart["drawings"] for chart in found["charts"]]
    assert all(len(each) == 1 and each[0]["smallest"] >= 11 for each in drawings)


@pytest.mark.parametrize("is_dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [SCREEN, PHONE])
def test_charts_have_the_colors_of_the_readers_theme(browser, width, is_dark):
    height = browser.measure(width)["height"]
    file = browser.screenshot(width, height, is_dark=is_dark)
    theme = DARK if is_dark else LIGHT
    counts = pixels(file, width)
    assert sum(counts.values()) == width * height
    assert counts[theme["paper"]] > width * height / 2
    assert min(counts.get(theme[f"arm-{arm}"], 0) for arm in range(8)) > 500


def pixels(file, width):
    """How many pixels have each colour, in the leftmost `width` columns."""
    with Image.open(file) as picture:
        rows = np.asarray(picture.convert("RGB"))[:, :width].astype(np.uint32)
    colors, counts = np.unique(rows @ (1 << 16, 1 << 8, 1), return_counts=True)
    return {f"#{color:06x}": int(count) for color, count in zip(colors, counts, strict=True)}
