"""A whole run, from what was asked for to the folder with all that was measured."""

import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.cell import Measured, RunFacts
from benchmarks.run.estimate import announcement, duration_of_s, duration_s
from benchmarks.run.options import Planned, RunOptions
from benchmarks.run.plan import Plan, base_cell, make_plan
from benchmarks.run.preparation import Prepared, prepare
from benchmarks.run.progress import Bar
from benchmarks.run.recorder import Recorder
from benchmarks.run.resume import read_stopped
from benchmarks.run.runner import Runner
from benchmarks.run.store import FORMAT, new_run_folder, write_planned
from benchmarks.run.sweeps import RATE
from benchmarks.run.top_rates import find_top_rates
from mixer.cli.screen import Screen


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What is left of a run."""

    folder: Path
    measured_count: int
    planned_count: int
    is_cut: bool
    """Whether somebody has interrupted it."""


def conduct(options: RunOptions, command: str, screen: Screen) -> Outcome:
    """Measures all that was asked for; says on the screen how long it will take.

    Raises ProofError for an arm that did not do its work, and NothingToMeasureError, EnvoyError,
    ServiceError, LoadError, ProcessGoneError, RequestsError or ConfigErrors.
    """
    with ExitStack() as stack:
        prepared = prepare(options, screen, stack)
        plan = _plan(prepared)
        folder = new_run_folder(options.output)
        write_planned(folder, Planned(options=options, plan=plan))
        return _measure(
            prepared, plan, _Session(folder=folder, facts=_facts(prepared, plan, command))
        )


def go_on(folder: Path, screen: Screen) -> Outcome:
    """Measures what a run that was cut short has left, into its folder.

    Raises what `conduct` does, StoreError and ResumeError.
    """
    stopped = read_stopped(folder)
    plan, left = stopped.planned.plan, stopped.steps_left()
    with ExitStack() as stack:
        prepared = prepare(stopped.planned.options, screen, stack)
        stopped.check(prepared.facts, [arm.name for arm in prepared.arms])
        time_needed = announcement(duration_of_s(plan, left), datetime.now().astimezone())
        counts = f"{len(left):,} of {plan.measurement_count:,} measurements"
        screen.line(f"Seed {stopped.facts.seed}; {prepared.bench.pinning.words}.")
        screen.line(f"{counts} are left, and take {time_needed}.")
        facts = stopped.resumed(_now(), prepared.facts)
        return _measure(
            prepared, plan, _Session(folder=folder, facts=facts, stored=stopped.measured)
        )


class NothingToMeasureError(Exception):
    """No arm can run any of the scenarios, or no sweep has a meaning for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Session:
    """Where a run goes on, or begins."""

    folder: Path
    facts: RunFacts
    stored: Sequence[Measured] = ()


def _plan(prepared: Prepared) -> Plan:
    """Says how long it takes; with a sweep over rates, that can be told only after a search."""
    options, screen, able = prepared.options, prepared.screen, prepared.field.able
    choice = options.choice()
    screen.line(f"Seed {options.seed}; {prepared.bench.pinning.words}.")
    plan = make_plan(choice, able)
    if RATE in choice.sweeps and not choice.is_quick:
        longest = announcement(duration_s(plan), datetime.now().astimezone())
        screen.line(f"At most {longest}. First, the highest rate of each arm is looked for ...")
        cell = base_cell(choice, able[0])
        rates = find_top_rates(able[0].arms, cell, prepared.bench, options.seed)
        screen.line("  " + ", ".join(f"{name} {rate:,.0f}/s" for name, rate in rates.items()))
        plan = make_plan(choice, able, rates)
    if not plan.cells:
        raise NothingToMeasureError("there is nothing to measure: no arm is left, or no sweep")
    time_needed = announcement(duration_s(plan), datetime.now().astimezone())
    screen.line(f"{plan.measurement_count:,} measurements take {time_needed}.")
    return plan


def _measure(prepared: Prepared, plan: Plan, session: _Session) -> Outcome:
    # As if a run that is resumed had begun so much earlier.
    started_s = time.monotonic() - session.facts.elapsed_s
    recorder = Recorder(session.folder, session.facts, lambda: time.monotonic() - started_s)
    is_cut = False
    with Bar(plan.measurement_count, len(session.stored)) as bar:
        runner = Runner(
            bench=prepared.bench,
            arms={arm.name: arm for arm in prepared.arms},
            recorder=recorder,
            display=bar,
            seed=prepared.options.seed,
        )
        try:
            runner.run(plan, session.stored)
        except KeyboardInterrupt:
            is_cut = True
    return Outcome(
        folder=session.folder,
        measured_count=recorder.measured_count,
        planned_count=plan.measurement_count,
        is_cut=is_cut,
    )


def _facts(prepared: Prepared, plan: Plan, command: str) -> RunFacts:
    choice, arms = prepared.options.choice(), prepared.arms
    return RunFacts(
        format=FORMAT,
        started=_now(),
        elapsed_s=0.0,
        command=command,
        seed=prepared.options.seed,
        is_quick=plan.is_quick,
        protocol=choice.protocol,
        pacing=choice.pacing,
        environment=prepared.facts,
        order=(),
        refusals=prepared.field.refusals,
        arms={arm.name: arm.title for arm in arms},
        color_orders={arm.name: arm.color_order for arm in arms},
        scenarios=prepared.field.titles,
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
