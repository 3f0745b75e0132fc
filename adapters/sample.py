"""What a sample of a metric measures, and how those are told that are refused."""

from collections.abc import Sequence
from typing import Final

from mixer.adapter import Duration, Value

_NAMED: Final = 5


def number_of(value: Value | None) -> float:
    """The number, of a duration its seconds; raises ValueError for what is none."""
    if type(value) is int or type(value) is float:
        return value
    if isinstance(value, Duration):
        return value.seconds
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            pass  # said below, with the value
    raise ValueError(f"{value!r:.60} is no number")


def refused(failures: Sequence[str], sample_count: int) -> ValueError:
    """The error that tells of so many samples which of them failed, and why; equal ones once."""
    distinct = list(dict.fromkeys(failures))
    more = ["..."] if len(distinct) > _NAMED else []
    named = "; ".join([*distinct[:_NAMED], *more])
    return ValueError(f"{len(failures)} of {sample_count} samples refused: {named}")
