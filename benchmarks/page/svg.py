"""A figure as SVG to be put into a page: in the reader's theme, and as small as can be."""

import io
import re
from typing import Final
from xml.etree import ElementTree as ET

from matplotlib.figure import Figure

from benchmarks.page.palette import SYMBOLS

SERIES: Final = "series-"
"""What a group's id begins with that stays, as `data-series`: the arm's name follows."""
_DROPPED: Final = {"metadata", "style"}
"""The style would hold for the whole page; the page has its own."""
_NAMESPACE: Final = re.compile(r"^\{[^}]*\}")
_FAMILY: Final = re.compile(r"font-family: [^;]*(?:; )?")
_NUMBER: Final = re.compile(r"-?\d+\.\d{3,}")
_VARIABLES: Final = {code: f"var(--{name})" for name, code in SYMBOLS.items()}
_COLOR: Final = re.compile("|".join(_VARIABLES))
_GEOMETRY: Final = {"d", "x", "y", "width", "height", "transform", "points"}


def to_svg(figure: Figure, name: str, description: str) -> str:
    """The figure as an element. `name` is unique in the page; `description` is read aloud.

    Colours of the theme `SYMBOLS` become the page's variables, text takes the page's font.
    """
    stream = io.StringIO()
    _lay_out(figure)
    figure.savefig(stream, format="svg", metadata={"Date": None})
    text = stream.getvalue()
    root = ET.fromstring(text)  # noqa: S314  # our own
    used = set(re.findall(r"#([A-Za-z][\w.-]*)", text))
    for element in root.iter():
        _clean(element, name, used)
    box = root.attrib["viewBox"]
    root.attrib.clear()
    root.attrib.update({"viewBox": box, "role": "img", "aria-label": description})
    return ET.tostring(root, encoding="unicode")


def _lay_out(figure: Figure) -> None:
    """Places everything now: saving would draw the whole figure once more, only for that."""
    if engine := figure.get_layout_engine():
        engine.execute(figure)
        figure.set_layout_engine(None)  # "none" would leave one in its place


def _clean(element: ET.Element, name: str, used: set[str]) -> None:
    for child in list(element):
        if _bare(child.tag) in _DROPPED:
            element.remove(child)
    element.tag = _bare(element.tag)
    element.text = (element.text or "").strip() or None
    element.tail = None
    attributes = {_bare(key): value for key, value in element.attrib.items()}
    element.attrib.clear()
    if identity := attributes.pop("id", ""):
        _set_identity(element, name, identity, used)
    for key, value in attributes.items():
        element.set(key, _value(key, value, name))


def _bare(name: str) -> str:
    return _NAMESPACE.sub("", name)


def _set_identity(element: ET.Element, name: str, identity: str, used: set[str]) -> None:
    if identity.startswith(SERIES):
        element.set("data-series", identity.removeprefix(SERIES))
    elif identity in used:
        element.set("id", f"{name}-{identity}")


def _value(key: str, value: str, name: str) -> str:
    if key in _GEOMETRY:
        return " ".join(_NUMBER.sub(_rounded, value).split())
    if key == "href":
        return value.replace("#", f"#{name}-")
    value = value.replace("url(#", f"url(#{name}-")
    value = _COLOR.sub(lambda match: _VARIABLES[match[0]], value)
    return _FAMILY.sub("", value)


def _rounded(match: re.Match[str]) -> str:
    return f"{float(match[0]):.2f}".rstrip("0").rstrip(".")
