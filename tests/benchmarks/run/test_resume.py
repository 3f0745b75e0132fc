from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks.cell import Cell, Resumption, RunFacts
from benchmarks.run.command import run as run_command
from benchmarks.run.options import Planned, RunOptions
from benchmarks.run.order import shuffled
from benchmarks.run.plan import Plan, PlannedCell
from benchmarks.run.proof import ProofError
from benchmarks.run.recorder import Recorder
from benchmarks.run.resume import ResumeError, read_stopped
from benchmarks.run.runner import Runner
from benchmarks.run.store import StoreError, read_run, write_facts, write_planned
from tests.benchmarks.run.fakes import FakeLoad, arm, bench, scenario
from tests.benchmarks.run.test_runner import FACTS, Lines

BASE = Cell(scenario="access", sweep="base", rate_per_s=200, connections=8)
PLAN = Plan(
    cells=tuple(
        PlannedCell(cell=cell, arms=("envoy", "wasm"), duration_s=1.0)
        for cell in (BASE, replace(BASE, sweep="rate", rate_per_s=400))
    ),
    repetition_count=2,
    is_quick=False,
)
OPTIONS = RunOptions(seed=3, output=Path("runs"), config=Path("/etc/policy"), sweep=("rate",))
MACHINE = {"processor": "An honest CPU", "load average": "0.1", "commit": "one"}
ARMS = (arm("envoy", has_policy=False), arm("wasm"))


def measure(folder, facts: RunFacts, *, most: int | None = None, stored=(), arms=ARMS, of=None):
    """Goes on until `most` loads were measured; each measurement is a warm-up and a load."""
    load = FakeLoad()

    def answers(_plan, ideal):
        if most is not None and len(load.plans) > 2 * most:
            raise KeyboardInterrupt
        return ideal

    load.answers = answers
    lines = Lines()
    runner = Runner(
        bench=bench(load, of),
        arms={one.name: one for one in arms},
        recorder=Recorder(folder, facts, lambda: 42.0),
        display=lines,
        seed=3,
        clock=lambda: 0.0,
    )
    with suppress(KeyboardInterrupt):
        runner.run(PLAN, stored)
    return lines.lines


@pytest.fixture
def cut(tmp_path):
    """The folder of a run that was cut short after 3 of 8 measurements."""
    write_planned(tmp_path, Planned(options=OPTIONS, plan=PLAN))
    measure(tmp_path, replace(FACTS, environment=MACHINE), most=3)
    return tmp_path


def test_a_run_goes_on_where_it_was_cut_as_if_nothing_had_happened(cut, tmp_path_factory):
    stopped = read_stopped(cut)
    assert len(stopped.measured) == 3
    assert stopped.planned == Planned(options=OPTIONS, plan=PLAN)
    measure(cut, stopped.resumed("2026-02-01T08:00:00+00:00", MACHINE), stored=stopped.measured)
    whole = tmp_path_factory.mktemp("whole")
    measure(whole, FACTS)
    keys = [
        [(one.arm, one.cell, one.repetition) for one in read_run(folder).measured]
        for folder in (cut, whole)
    ]
    assert keys[0] == keys[1]
    facts = read_run(cut).facts
    assert facts.order == read_run(whole).facts.order
    assert facts.resumed == (Resumption(when="2026-02-01T08:00:00+00:00", commit="one"),)


def test_the_time_left_is_that_of_the_rest(cut):
    stopped = read_stopped(cut)
    assert stopped.steps_left() == shuffled(PLAN, 3)[3:]
    lines = measure(cut, stopped.facts, stored=stopped.measured)
    # 5 measurements of 1 s with 3 s around each.
    assert lines[0].endswith("(20 s)")


def test_an_order_that_was_not_noted_any_more_is_known_from_the_cells(cut):
    facts = read_run(cut).facts
    write_facts(cut, replace(facts, order=facts.order[:2]))
    assert read_stopped(cut).facts.order == facts.order


def test_another_machine_does_not_go_on(cut):
    stopped = read_stopped(cut)
    stopped.check({**MACHINE, "load average": "3", "commit": "two"}, ["envoy", "wasm", "lua"])
    with pytest.raises(ResumeError, match="processor was 'An honest CPU', and now is 'Another'$"):
        stopped.check({**MACHINE, "processor": "Another"}, ["envoy", "wasm"])
    with pytest.raises(ResumeError, match="Envoy was 'unknown', and now is '1.41.0'$"):
        stopped.check({**MACHINE, "Envoy": "1.41.0"}, ["envoy", "wasm"])
    with pytest.raises(ResumeError, match="no such arm any more: wasm$"):
        stopped.check(MACHINE, ["envoy"])


def test_verdicts_of_a_foreign_policy_are_compared_with_those_before_the_cut(tmp_path):
    foreign = scenario(status=None)
    deciding = [arm("envoy"), arm("wasm")]
    measure(tmp_path, FACTS, most=1, arms=deciding, of=foreign)
    (first,) = read_run(tmp_path).measured
    stored = [replace(first, by_status={403: first.answered_count})]
    with pytest.raises(ProofError, match=f"must be [0-9]+ × 403 as in {first.arm}$"):
        measure(tmp_path, FACTS, stored=stored, arms=deciding, of=foreign)


def test_a_run_that_has_ended_or_failed_does_not_go_on(cut):
    stopped = read_stopped(cut)
    idle = [ARMS[0], arm("wasm", lambda _: 0)]
    with pytest.raises(ProofError):
        measure(cut, stopped.facts, stored=stopped.measured, arms=idle)
    with pytest.raises(ResumeError, match="this run has failed, no proof: "):
        read_stopped(cut)


def test_a_run_that_is_complete_has_nothing_left(tmp_path):
    write_planned(tmp_path, Planned(options=OPTIONS, plan=PLAN))
    measure(tmp_path, FACTS)
    with pytest.raises(ResumeError, match="nothing is left to be measured$"):
        read_stopped(tmp_path)


def test_a_folder_without_a_plan_can_not_go_on(cut):
    (cut / "plan.json").unlink()
    with pytest.raises(StoreError, match=r"plan.json: missing"):
        read_stopped(cut)
    result = CliRunner().invoke(run_command, ["--resume", str(cut)])
    assert result.exit_code == 1
    assert "plan.json: missing" in result.output


def test_a_run_goes_on_with_the_options_it_was_begun_with(cut):
    result = CliRunner().invoke(run_command, ["--resume", str(cut), "--seed", "4"])
    assert result.exit_code == 2
    assert "--seed is of no use with --resume" in result.output
