"""What is known before anything is measured: arms, scenarios, cores, and the machine."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from os import sched_getaffinity
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.arm import Arm
from benchmarks.arms import all_arms
from benchmarks.environment import digest, facts_of_run
from benchmarks.load import run_load
from benchmarks.placing.upstream import start_upstream
from benchmarks.run.catalog import Catalog, Field, field_of, wanted_arms
from benchmarks.run.measurement import Bench
from benchmarks.run.options import RunOptions
from benchmarks.run.pinning import pinning
from benchmarks.run.warm_up import QUICK, WarmUpOptions
from benchmarks.scenario import Scenario, Workload
from benchmarks.scenarios import own_config
from mixer.cli.screen import Screen


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What a run has, whatever it then measures."""

    options: RunOptions
    arms: Sequence[Arm]
    field: Field
    bench: Bench
    facts: Mapping[str, str]
    screen: Screen


def prepare(options: RunOptions, screen: Screen, stack: ExitStack) -> Prepared:
    """Starts the upstream, and writes the scenarios, until the stack ends.

    Raises RequestsError, ConfigErrors or EnvoyError.
    """
    arms = wanted_arms(all_arms(), options.arm)
    own = own_config(options.config, options.requests) if options.config else None
    folder = stack.enter_context(TemporaryDirectory(prefix="mixer-scenarios-"))
    catalog = Catalog(Path(folder), own)
    cores = pinning(sorted(sched_getaffinity(0)))
    facts = {**facts_of_run(), "pinning": cores.words}
    if options.config:
        facts["policy"] = digest(options.config, *([options.requests] if options.requests else []))
    bench = Bench(
        load=run_load,
        scenario=catalog.get,
        upstream=start_upstream([arm.name for arm in arms], cores.upstream, stack),
        pinning=cores,
        warm_up=QUICK if options.quick else WarmUpOptions(),
    )
    return Prepared(
        options=options,
        arms=arms,
        field=field_of(_scenarios(options, catalog, own), arms),
        bench=bench,
        facts=facts,
        screen=screen,
    )


def _scenarios(options: RunOptions, catalog: Catalog, own: Scenario | None) -> Sequence[Scenario]:
    shipped = [catalog.get(name, Workload()) for name in options.scenario_names()]
    return [*([own] if own else []), *shipped]
