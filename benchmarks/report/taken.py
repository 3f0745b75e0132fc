"""What the host of a virtual machine, and other programs, have taken: a part of the noise."""

from collections.abc import Iterable, Iterator
from statistics import median
from typing import Final

from benchmarks.report.tables import Summary, Taken
from benchmarks.units import percent

WORTH_A_WORD: Final = 0.01
"""From which share of CPU time on it is a reason for noise."""


def taken(shares: Iterable[float | None]) -> Taken | None:
    """In some measurements; None if it is known of none."""
    known = [share for share in shares if share is not None]
    return Taken(median=median(known), most=max(known)) if known else None


def taken_text(share: Taken) -> str:
    """`2.1 % of CPU time, up to 6 % in a measurement`."""
    return f"{percent(share.median)} of CPU time, up to {percent(share.most)} in a measurement"


def taken_facts(summary: Summary) -> dict[str, str]:
    """All that is known of it, for a list of facts."""
    both = {"the host took": summary.stolen, "other programs took": summary.others}
    return {name: taken_text(share) for name, share in both.items() if share is not None}


def stolen_sentence(stolen: Taken | None) -> str | None:
    """What it means; None if it is too little to matter, or not known."""
    if stolen is None or stolen.median <= WORTH_A_WORD:
        return None
    return (
        f"The host took {taken_text(stolen)}: what it does to others is in the noise, and in the "
        "tails, of all arms."
    )


def others_warnings(summary: Summary) -> Iterator[str]:
    """That the machine had other work to do; nothing if it had hardly any."""
    others = summary.others
    if others is not None and others.median > WORTH_A_WORD:
        yield f"Other programs took {taken_text(others)}: let nothing else run."
