"""`python -m benchmarks wasm-latency`."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

import click

from benchmarks.environment import read_environment
from benchmarks.micro.spread import Spread, spread_of
from benchmarks.wasm_latency.arms import NO_FILTER, Arm, all_arms
from benchmarks.wasm_latency.mixer import kept_answers
from benchmarks.wasm_latency.rounds import Load, measure
from mixer.cli.screen import Screen

_THOROUGH: Final = Load(repetition_count=5, turn_count=40, request_count=100)
_QUICK: Final = Load(repetition_count=2, turn_count=2, request_count=50)
_COLUMNS: Final = ("", "median µs", "least … most", "added µs", "least … most", "target")
_NOTES: Final = """
median    of the medians of the repetitions; least and most are those of a repetition
added     the median less that of no filter in the same repetition"""


@click.command("wasm-latency")
@click.option(
    "--json",
    "json_file",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    metavar="FILE",
    help="Write all figures to a file, too.",
)
@click.option("--quick", is_flag=True, help="See in seconds whether it runs; the figures are poor.")
def wasm_latency(json_file: Path | None, *, quick: bool) -> None:
    """Measures what the WebAssembly filters add to the latency of a request.

    Takes some seconds, and wants a machine that does nothing else.
    """
    environment = read_environment()
    with kept_answers() as mixer:
        arms = all_arms(mixer)
        medians_us = measure(arms, _QUICK if quick else _THOROUGH)
    screen = Screen()
    screen.line(environment.line(), "dim")
    screen.table(_COLUMNS, [_cells(arm, medians_us) for arm in arms])
    screen.line(_NOTES, "dim")
    if json_file:
        document = {"environment": asdict(environment), "median_us": medians_us}
        json_file.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


def _cells(arm: Arm, medians_us: Mapping[str, Sequence[float]]) -> tuple[str, ...]:
    whole = spread_of(medians_us[arm.name])
    target = "" if arm.target_us is None else f"{arm.target_us:.0f}"
    if arm.name == NO_FILTER:
        return arm.name, f"{whole.median:.1f}", _range(whole), "", "", target
    pairs = zip(medians_us[arm.name], medians_us[NO_FILTER], strict=True)
    added = spread_of([here - without for here, without in pairs])
    return (
        *(arm.name, f"{whole.median:.1f}", _range(whole)),
        *(f"{added.median:.1f}", _range(added), target),
    )


def _range(spread: Spread) -> str:
    return f"{spread.least:.1f} … {spread.most:.1f}"
