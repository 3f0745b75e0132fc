"""The README of the filter `mixer_client` says what its source says."""

import re

import pytest

from proxy_client.statistics import DESCRIPTIONS
from proxy_client.wasm.build import FOLDER

SOURCES = FOLDER / "mixer_client"
README = (SOURCES / "README.md").read_text()
PREFIX = "http_mixer_filter."


def section(heading):
    """What stands below a heading, up to the next one."""
    return README.partition(f"\n{heading}\n")[2].partition("\n#")[0]


def first_column(text):
    return re.findall(r"^\| `([^`]+)`", text, re.MULTILINE)


def found(file, pattern):
    return re.findall(pattern, (SOURCES / file).read_text())


def test_all_counters_are_there():
    rows = re.findall(r"^\| `(\w+)` \| (.*) \|$", section("## Statistics"), re.MULTILINE)

    assert dict(rows) == dict(DESCRIPTIONS)
    assert found("statistics.h", re.escape(f'"{PREFIX}') + r'(\w+)"') == list(DESCRIPTIONS)


@pytest.mark.parametrize(
    ("heading", "file"),
    [
        ("### Of a Check, and of a Report", "check_attributes.cc"),
        ("### Of a Report only", "report_attributes.cc"),
    ],
)
def test_all_attributes_are_there_in_their_order(heading, file):
    assert first_column(section(heading)) == found(file, r'\{"([a-z._]+)",\s+Type::')


def test_all_fields_of_the_configuration_are_there():
    fields = {
        name
        for file in SOURCES.glob("load_*.cc")
        for name in re.findall(r'^ +\{"(\w+)",', file.read_text(), re.MULTILINE)
    }
    said = section("## Configuration")

    assert [name for name in sorted(fields) if not re.search(rf"\b{name}\b", said)] == [
        # In a row that says it in words.
        *("double_value", "entries", "timestamp_value"),
    ]
