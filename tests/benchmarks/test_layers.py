"""A run knows nothing of reports and pages; only its command shows one at the end."""

import ast
from pathlib import Path

import pytest

import benchmarks

ROOT = Path(benchmarks.__file__).parent
SHOWING = ("benchmarks.report", "benchmarks.page")


def imported(file):
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom):
            yield node.module


@pytest.mark.parametrize(
    "file",
    [
        file.relative_to(ROOT)
        for part in ("arms", "load", "placing", "run", "scenarios", "statistics")
        for file in sorted((ROOT / part).glob("*.py"))
        if (part, file.name) != ("run", "command.py")
    ],
    ids=str,
)
def test_what_measures_does_not_know_what_shows(file):
    assert [name for name in imported(ROOT / file) if name.startswith(SHOWING)] == []
