"""The scenarios and arms of a run: those that are wanted, and who can run what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.arm import ENVOY, Arm
from benchmarks.run.plan import Able
from benchmarks.scenario import Scenario, Workload
from benchmarks.scenarios import FACTORIES


class Catalog:
    """Makes scenarios for workloads, each once."""

    def __init__(self, folder: Path, own: Scenario | None = None) -> None:
        """`folder` is an empty directory; `own` is the reader's policy, which is as it is."""
        self._folder = folder
        self._own = own
        self._made: dict[tuple[str, Workload], Scenario] = {}

    def get(self, name: str, workload: Workload) -> Scenario:
        """The scenario of that name."""
        if self._own is not None and name == self._own.name:
            return self._own
        key = (name, workload)
        if key not in self._made:
            folder = self._folder / f"{name}-{len(self._made)}"
            folder.mkdir()
            self._made[key] = FACTORIES[name](workload, folder)
        return self._made[key]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """Who takes part."""

    able: Sequence[Able]
    """One for each scenario."""
    titles: Mapping[str, str]
    """Of the scenarios, by name."""
    refusals: Mapping[str, str]
    """`scenario/arm` → why."""


def field_of(scenarios: Sequence[Scenario], arms: Sequence[Arm]) -> Field:
    """Asks all arms whether they can run the scenarios."""
    refusals = {
        f"{scenario.name}/{arm.name}": why
        for scenario in scenarios
        for arm in arms
        if (why := arm.refuses(scenario)) is not None
    }
    able = [
        Able(
            scenario=scenario.name,
            arms=tuple(arm for arm in arms if f"{scenario.name}/{arm.name}" not in refusals),
            is_variable=scenario.name in FACTORIES,
        )
        for scenario in scenarios
    ]
    return Field(
        able=able,
        titles={scenario.name: scenario.title for scenario in scenarios},
        refusals=refusals,
    )


def wanted_arms(arms: Sequence[Arm], names: Sequence[str]) -> list[Arm]:
    """Those of these names, or all if there are none; Envoy alone is always among them.

    Who is asked for by name takes part in sweeps, too.
    """
    if not names:
        return list(arms)
    return [
        replace(arm, is_variant=False) if arm.name in names else arm
        for arm in arms
        if arm.name in names or arm.name == ENVOY
    ]
