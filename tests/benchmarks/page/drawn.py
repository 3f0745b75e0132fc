"""What is in a page: its charts, parsed, and its text."""

import re
from html import unescape
from html.parser import HTMLParser
from xml.etree import ElementTree as ET


def charts(page):
    """By the chart's name and then by layout: the SVG's root."""
    found = {}
    for figure in re.findall(r"<figure id=.*?</figure>", page, re.DOTALL):
        name = re.match(r'<figure id="([^"]+)"', figure)[1]
        drawings = re.findall(r'<div class="drawing (\w+)">(<svg.*?</svg>)', figure, re.DOTALL)
        found[name] = {layout: ET.fromstring(svg) for layout, svg in drawings}
    return found


def figure_text(page, name):
    """What is said of a chart, without the drawing."""
    figure = re.search(rf'<figure id="{name}">.*?</figure>', page, re.DOTALL)[0]
    return plain(re.sub(r"<svg.*?</svg>", "", figure, flags=re.DOTALL))


def series(svg):
    """The arms that something is drawn of, once for each line or bar."""
    return [each.get("data-series") for each in svg.iter() if each.get("data-series")]


def texts(svg):
    """All words and numbers in a drawing."""
    return ["".join(each.itertext()) for each in svg.iter("text")]


def plain(html):
    """Text without tags, on one line, with plain spaces."""
    text = unescape(re.sub(r"<[^>]+>", " ", html)).replace("\u2060", "")
    return " ".join(text.split())


class References(HTMLParser):
    """Collects whatever a page refers to, and its ids."""

    def __init__(self, page):
        super().__init__()
        self.targets, self.ids, self.tags = [], [], set()
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        for name, value in attributes:
            if name in {"href", "src", "srcset", "data", "action", "poster", "xlink:href"}:
                self.targets.append(value)
            if name == "id":
                self.ids.append(value)
            self.targets += re.findall(r"url\(([^)]*)\)", value or "")

    def handle_data(self, data):
        if self.lasttag == "style":
            self.targets += re.findall(r"url\(([^)]*)\)|@import\s+(\S+)", data)
