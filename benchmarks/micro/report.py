"""Rows for people, and for programs."""

import json
from dataclasses import asdict
from itertools import groupby

from benchmarks.environment import Environment
from benchmarks.micro.measure import Measurements
from benchmarks.micro.results import Row
from benchmarks.micro.spread import Spread
from mixer.cli.screen import Screen

_COLUMNS = ("", "median", "quartiles", "unit", "in loops", "target", "Go Mixer 1.1")
_NOTES = """
median, quartiles   CPU time unless it says elapsed; of one sample for each round
in loops            the median in units of the loop above, compared round by round
target              what this project aims at
Go Mixer 1.1        CPU of the original's server, gRPC included, at 1 / 8 / 64 streams, on another
                    machine; the in-process rows here are without gRPC
ratio               CPU of this server in units of the bare handler's, compared round by round"""


def show(measured: Measurements, environment: Environment, workload: str, screen: Screen) -> None:
    """Prints everything."""
    screen.line(environment.line(), "dim")
    screen.line(f"workload: {workload}", "dim")
    for section, members in groupby(measured.rows, key=lambda row: row.section):
        screen.heading(section)
        screen.table(_COLUMNS, [_cells(row) for row in members])
    for text in measured.left_out:
        screen.line(f"left out: {text}")
    screen.line(_NOTES, "dim")


def to_json(measured: Measurements, environment: Environment, workload: str) -> str:
    """One document: the environment, the workload's name, all rows, and what was left out."""
    document = {
        "environment": asdict(environment),
        "workload": workload,
        "rows": [asdict(row) for row in measured.rows],
        "left_out": list(measured.left_out),
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def _cells(row: Row) -> tuple[str, ...]:
    return (
        row.name,
        figure(row.spread.median),
        _quartiles(row.spread),
        row.unit,
        figure(row.loops.median) if row.loops else "",
        figure(row.target) if row.target is not None else "",
        row.go,
    )


def _quartiles(spread: Spread) -> str:
    if spread.sample_count == 1:
        return "once"
    return f"{figure(spread.lower_quartile)} … {figure(spread.upper_quartile)}"


def figure(number: float) -> str:
    """A number with three digits that tell something: `1234`, `157`, `43.7`, `0.0421`."""
    if number >= 100:
        return f"{number:.0f}"
    return f"{number:#.3g}"
