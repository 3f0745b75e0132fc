"""How long a run takes, beforehand and on the way."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from benchmarks.run.order import Step
from benchmarks.run.plan import Plan, PlannedCell
from benchmarks.scenario import Workload

_AROUND_S = 3.0
"""What a measurement takes beside itself: to start the arm, to warm it up, to prove its work.
On two cores of 2.5 GHz, 1.8 s without a Mixer and 3.8 s with one; 1.4 s more for another round of
warming up."""
_AROUND_QUICK_S = 2.5
_SLOW_START_S_PER_RULE = 0.0005
"""What reading a policy takes: of 10,000 rules 9 s by a Mixer, and next to nothing by others."""


def duration_s(plan: Plan) -> float:
    """How long all of it takes, roughly; without the repetition of what gets rejected."""
    once_s = sum(len(planned.arms) * step_s(planned, plan) for planned in plan.cells)
    return plan.repetition_count * once_s


def duration_of_s(plan: Plan, steps: Sequence[Step]) -> float:
    """How long some steps of a plan take, in the same way."""
    return sum(step_s(step.planned, plan) for step in steps)


def step_s(planned: PlannedCell, plan: Plan) -> float:
    """How long one arm takes in a cell."""
    around_s = _AROUND_QUICK_S if plan.is_quick else _AROUND_S
    workload = planned.cell.workload or Workload()
    slow_start_s = _SLOW_START_S_PER_RULE * workload.rule_count
    return planned.duration_s + around_s + slow_start_s


def left_s(plan: Plan, done: Sequence[Step], left: Sequence[Step], elapsed_s: float) -> float:
    """How long the rest takes, if it goes on as it went up to now."""
    expected_s, expected_until_now_s = duration_of_s(plan, left), duration_of_s(plan, done)
    return expected_s * (elapsed_s / expected_until_now_s) if done else expected_s


def announcement(seconds: float, now: datetime) -> str:
    """`about 38 minutes, until 14:20`; with the day, if that is not today."""
    end = now + timedelta(seconds=seconds)
    form = "%H:%M" if end.date() == now.date() else "%A %H:%M"
    return f"about {in_words(seconds)}, until {end:{form}}"


def in_words(seconds: float) -> str:
    """`50 seconds`, `38 minutes`, `2 hours 5 minutes`."""
    if seconds < 90:
        return _count(round(seconds), "second")
    hours, minutes = divmod(round(seconds / 60), 60)
    parts = [
        *([_count(hours, "hour")] if hours else []),
        *([_count(minutes, "minute")] if minutes else []),
    ]
    return " ".join(parts)


def _count(count: int, unit: str) -> str:
    return f"{count} {unit}{'' if count == 1 else 's'}"
