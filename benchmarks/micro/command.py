"""`python -m benchmarks micro`."""

import tempfile
from pathlib import Path

import click

from benchmarks.environment import read_environment
from benchmarks.micro.measure import QUICK, THOROUGH, measure_all
from benchmarks.micro.report import show, to_json
from benchmarks.micro.workload import our_workload, read_workload
from mixer.cli.screen import Screen


@click.command()
@click.option(
    "--workloads",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="Measure with the requests and configurations of a directory, not with the built-in ones.",
)
@click.option(
    "--json",
    "json_file",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    metavar="FILE",
    help="Write all figures to a file, too.",
)
@click.option("--quick", is_flag=True, help="See in seconds whether it runs; the figures are poor.")
def micro(workloads: Path | None, json_file: Path | None, *, quick: bool) -> None:
    """Measures the stages of Check and Report, and what a call costs a server.

    Takes three minutes, and wants a machine that does nothing else.
    """
    environment = read_environment()
    workload = read_workload(workloads) if workloads else our_workload()
    with tempfile.TemporaryDirectory(prefix="mixer-micro-") as directory:
        measured = measure_all(workload, QUICK if quick else THOROUGH, Path(directory))
    show(measured, environment, workload.name, Screen())
    if json_file:
        document = to_json(measured, environment, workload.name)
        json_file.write_text(document + "\n", encoding="utf-8")
