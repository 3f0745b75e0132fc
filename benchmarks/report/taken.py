"""What the host of a virtual machine has taken: a part of the noise, and most of a tail."""

from collections.abc import Iterable
from statistics import median
from typing import Final

from benchmarks.report.tables import Stolen
from benchmarks.units import percent

WORTH_A_WORD: Final = 0.01
"""From which share of CPU time on it is a reason for noise."""


def stolen(shares: Iterable[float | None]) -> Stolen | None:
    """Of some measurements; None if it is known of none."""
    known = [share for share in shares if share is not None]
    return Stolen(median=median(known), most=max(known)) if known else None


def stolen_text(stolen: Stolen) -> str:
    """`2.1 % of CPU time, up to 6 % in a measurement`."""
    return f"{percent(stolen.median)} of CPU time, up to {percent(stolen.most)} in a measurement"


def stolen_sentence(stolen: Stolen | None) -> str | None:
    """What it means; None if it is too little to matter, or not known."""
    if stolen is None or stolen.median <= WORTH_A_WORD:
        return None
    return (
        f"The host took {stolen_text(stolen)}: what it does to others is in the noise, and in the "
        "tails, of all arms."
    )
