"""Why there is no figure: too few answers or repetitions, and what became of the others."""

from collections.abc import Sequence
from typing import Final

from benchmarks.report.tables import ArmFigures
from benchmarks.statistics import NotEnough, PastKnee

PAST_KNEE: Final = PastKnee.short
"""What stands in a table where an arm can't take the rate."""


def explained(missing: NotEnough, rows: Sequence[ArmFigures], quantile: float) -> NotEnough:
    """A missing figure of these arms, with what became of their repetitions."""
    behind = max(row.behind_count for row in rows)
    fell_behind = [f"answers fell behind in {behind}"] if behind else []
    if any(row.is_behind for row in rows):
        return PastKnee(why=f"{PAST_KNEE}: {fell_behind[0]}")
    late = max(row.late_counts[quantile] for row in rows)
    too_late = [f"the generator was too late in {late}"] if late else []
    return NotEnough(why="; ".join([missing.why, *fell_behind, *too_late]))
