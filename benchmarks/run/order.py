"""In which order things are measured: shuffled, so that the machine's moods fall on all arms."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from benchmarks.cell import Cell, Measured
from benchmarks.run.plan import Plan, PlannedCell

Key = tuple[str, Cell, int]
"""Arm, cell and repetition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One measurement."""

    planned: PlannedCell
    number: int
    """The cell's place in the plan, from 0."""
    repetition: int
    arm: str

    @property
    def name(self) -> str:
        """As in `RunFacts.order`."""
        return f"{self.repetition}/{self.number}/{self.arm}"

    @property
    def key(self) -> Key:
        """Tells it from all other steps of a plan; see `key_of`."""
        return self.arm, self.planned.cell, self.repetition


def key_of(measured: Measured) -> Key:
    """What a step and what was measured in it have in common."""
    return measured.arm, measured.cell, measured.repetition


def shuffled(plan: Plan, seed: int) -> list[Step]:
    """All measurements of a plan; the same seed gives the same order.

    Repetitions are outermost. Within one, cells are shuffled, and within each cell its arms: these
    are compared with each other, so they are measured soon after each other.
    """
    return list(_steps(plan, Random(f"order/{seed}")))  # noqa: S311 - it has to be repeatable


def steps_left(plan: Plan, seed: int, stored: Sequence[Measured]) -> list[Step]:
    """What of a plan is still to be measured, in its order."""
    done = {key_of(measured) for measured in stored}
    return [step for step in shuffled(plan, seed) if step.key not in done]


def load_seed(seed: int, step: Step) -> int:
    """What draws the requests: the same for all arms, another for each cell and repetition."""
    random = Random(f"load/{seed}/{step.number}/{step.repetition}")  # noqa: S311 - the same
    return random.getrandbits(32)


def _steps(plan: Plan, random: Random) -> Iterator[Step]:
    for repetition in range(plan.repetition_count):
        cells = list(enumerate(plan.cells))
        random.shuffle(cells)
        for number, planned in cells:
            for arm in random.sample(planned.arms, len(planned.arms)):
                yield Step(planned=planned, number=number, repetition=repetition, arm=arm)
