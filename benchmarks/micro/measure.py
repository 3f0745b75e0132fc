"""The whole run: all sections, in the order in which they are shown."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.micro import timing
from benchmarks.micro.adapters.cases import calls_put_aside, calls_with_services
from benchmarks.micro.cases.attributes import attribute_cases
from benchmarks.micro.cases.client import client_cases, report_sizes
from benchmarks.micro.cases.configuration import RULE_COUNTS, compile_rules
from benchmarks.micro.cases.expressions import expression_bench_cases
from benchmarks.micro.cases.pipeline import check_cases, report_cases
from benchmarks.micro.cases.yardsticks import LOOP, yardstick_cases
from benchmarks.micro.in_process import Installed, installed
from benchmarks.micro.results import Row, case_rows, compilation_rows, server_rows, size_rows
from benchmarks.micro.server_cpu import rounds
from benchmarks.micro.server_cpu.cells import cells_of
from benchmarks.micro.server_cpu.envoy_cells import envoy_cells_of
from benchmarks.micro.server_cpu.load import CALLS_AT_A_TIME
from benchmarks.micro.timing import Case, Effort
from benchmarks.micro.workload import Workload


@dataclass(frozen=True, slots=True, kw_only=True)
class Thoroughness:
    """How long everything takes."""

    effort: Effort
    load: rounds.Load


THOROUGH: Final = Thoroughness(
    effort=Effort(round_count=15, batch_s=0.02),
    load=rounds.Load(round_count=7, check_count=1500),
)
"""Three minutes; for figures."""
QUICK: Final = Thoroughness(
    effort=Effort(round_count=2, batch_s=0.0005),
    load=rounds.Load(round_count=2, check_count=30),
)
"""A few seconds; shows that everything runs, and little else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurements:
    """What a whole run gives."""

    rows: Sequence[Row]
    left_out: Sequence[str]
    """What could not be measured, and why."""


def measure_all(workload: Workload, thoroughness: Thoroughness, directory: Path) -> Measurements:
    """Measures everything; copies of configurations, logs and sockets go into the directory.

    Raises ConfigErrors for a configuration with errors, and ServerError when a server fails.
    """
    effort = thoroughness.effort
    with (
        installed(workload, directory) as in_force,
        calls_put_aside(directory) as (adapter_cases, left_out),
    ):
        rows = _in_process(in_force, adapter_cases, effort)
        rows += size_rows("Reports on the wire, by the size of batches", report_sizes())
        rows += compilation_rows("Configuration, once", map(compile_rules, RULE_COUNTS))
        measured = rounds.measure(
            [*cells_of(in_force), *envoy_cells_of(in_force)],
            in_force.directories,
            thoroughness.load,
            directory,
        )
    for case in calls_with_services(directory):
        samples = timing.measure([case], effort, time.perf_counter)
        rows += case_rows("Adapters with what they talk to; elapsed time", [case], samples)
    title = f"CPU of a server, {CALLS_AT_A_TIME} calls at a time"
    return Measurements(rows=[*rows, *server_rows(title, measured)], left_out=left_out)


def _in_process(in_force: Installed, adapter_cases: list[Case], effort: Effort) -> list[Row]:
    sections: dict[str, list[Case]] = {
        "Yardsticks": yardstick_cases(in_force.workload),
        "Attributes": attribute_cases(in_force),
        "Expressions": expression_bench_cases(),
        "Adapters, what they talk to put aside": adapter_cases,
        "Check, request bytes to response bytes": check_cases(in_force),
        "Report, for each bag; the log goes to a file": report_cases(in_force),
        "Proxy client, 25 attributes in a Check and 39 in a report": client_cases(),
    }
    cases = [case for members in sections.values() for case in members]
    samples = timing.measure(cases, effort)
    return [
        row
        for section, members in sections.items()
        for row in case_rows(section, members, samples, samples[LOOP])
    ]
