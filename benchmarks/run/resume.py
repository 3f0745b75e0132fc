"""Goes on with a run that was cut short: what it has left, and whether this is its machine."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from benchmarks.cell import Measured, Resumption, RunFacts
from benchmarks.run.options import Planned
from benchmarks.run.order import Step, key_of, shuffled, steps_left
from benchmarks.run.proof import NO_PROOF
from benchmarks.run.store import read_planned, read_run

COMMIT: Final = "commit"
_MAY_DIFFER: Final = (COMMIT, "load average")
"""A commit may change words only; the report says that there were two."""


class ResumeError(Exception):
    """A run can't be continued; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """A run that was cut short."""

    folder: Path
    planned: Planned
    facts: RunFacts
    """With the order of what is in the folder, even if the run was ended before it was noted."""
    measured: tuple[Measured, ...]

    def steps_left(self) -> list[Step]:
        """What is still to be measured, in its order."""
        return steps_left(self.planned.plan, self.facts.seed, self.measured)

    def resumed(self, when: str, environment: Mapping[str, str]) -> RunFacts:
        """The facts of the run from now on."""
        resumption = Resumption(when=when, commit=environment.get(COMMIT, ""))
        return replace(self.facts, resumed=(*self.facts.resumed, resumption))

    def check(self, environment: Mapping[str, str], arms: Collection[str]) -> None:
        """Raises ResumeError if figures from here on would not go with those of the folder."""
        before = self.facts.environment
        for name in dict.fromkeys([*before, *environment]):
            was, is_now = before.get(name, "unknown"), environment.get(name, "unknown")
            if was != is_now and name not in _MAY_DIFFER:
                raise ResumeError(f"{self.folder}: {name} was {was!r}, and now is {is_now!r}")
        planned = {arm for cell in self.planned.plan.cells for arm in cell.arms}
        if missing := sorted(planned - set(arms)):
            raise ResumeError(f"{self.folder}: no such arm any more: {', '.join(missing)}")


def read_stopped(folder: Path) -> Stopped:
    """A run in its folder. Raises StoreError, and ResumeError if there is nothing to go on with."""
    planned, run = read_planned(folder), read_run(folder)
    for measured in run.measured:
        if (measured.rejection or "").startswith(NO_PROOF):
            raise ResumeError(f"{folder}: this run has failed, {measured.rejection}")
    names = {step.key: step.name for step in shuffled(planned.plan, run.facts.seed)}
    order = tuple(names[key_of(measured)] for measured in run.measured)
    stopped = Stopped(
        folder=folder,
        planned=planned,
        facts=replace(run.facts, order=order),
        measured=tuple(run.measured),
    )
    if not stopped.steps_left():
        raise ResumeError(f"{folder}: this run has ended, nothing is left to be measured")
    return stopped
