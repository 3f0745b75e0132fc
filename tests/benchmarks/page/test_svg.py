from xml.etree import ElementTree as ET

import pytest
from matplotlib import rc_context
from matplotlib.figure import Figure

from benchmarks.page.palette import SYMBOLS
from benchmarks.page.svg import to_svg


def drawing(name="one", description="A line"):
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "test"}):
        figure = Figure(figsize=(3, 2), facecolor="none")
        axes = figure.subplots()
        (line,) = axes.plot([1, 2], [2, 3], color=SYMBOLS["arm-3"], marker="o")
        line.set_gid("series-lua")
        axes.set_title("Added, < 1 ms", color=SYMBOLS["ink"])
        return to_svg(figure, name, description)


def test_colors_become_variables_of_the_page():
    svg = drawing()
    assert "stroke: var(--arm-3)" in svg
    assert "fill: var(--ink)" in svg
    assert not any(code in svg for code in SYMBOLS.values())


def test_series_can_be_found_by_arm():
    svg = ET.fromstring(drawing())
    (line,) = [each for each in svg.iter() if each.get("data-series") == "lua"]
    assert [child.tag for child in line] == ["path", "defs", "g"]


def test_it_is_an_image_with_a_description_and_no_size_of_its_own():
    svg = ET.fromstring(drawing(description='Latency of "lua" & others'))
    assert svg.attrib == {
        "viewBox": "0 0 216 144",
        "role": "img",
        "aria-label": 'Latency of "lua" & others',
    }


def test_text_is_text_in_the_font_of_the_page():
    svg = drawing()
    assert ">Added, &lt; 1 ms</text>" in svg
    assert "font-size: 12px" in svg
    assert "font-family" not in svg


def test_nothing_in_it_points_elsewhere():
    svg = drawing()
    assert "http" not in svg
    assert "<style" not in svg
    assert "<metadata" not in svg


def test_ids_of_two_drawings_differ_and_are_all_used():
    one, two = (ET.fromstring(drawing(name)) for name in ("one", "two"))
    ids = [{each.get("id") for each in svg.iter() if each.get("id")} for svg in (one, two)]
    assert ids[0]
    assert not ids[0] & ids[1]
    used = {each.get("href") for each in one.iter("use")}
    clips = {each.get("clip-path") for each in one.iter() if each.get("clip-path")}
    assert ids[0] == {href[1:] for href in used} | {clip[5:-1] for clip in clips}


@pytest.mark.parametrize("name", ["one", "two"])
def test_it_is_the_same_each_time(name):
    assert drawing(name) == drawing(name)
