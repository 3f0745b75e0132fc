"""When each request is meant to leave."""

from array import array
from collections.abc import Iterator
from random import Random
from typing import Final

_NS: Final = 1_000_000_000


def arrivals_ns(rate_per_s: float, duration_s: float, pacing: str, seed: int) -> "array[int]":
    """The times, in order, within `duration_s` from 0 on.

    `constant`: t(i) = i / rate, each rounded by itself, so that errors don't add up. `poisson`:
    t(i) = t(i - 1) + e(i), t(-1) = 0, e exponentially distributed with mean 1 / rate: what many
    independent clients make together; how many requests there are then varies with the seed.
    Raises ValueError for any other pacing, and for a rate that is not above 0.
    """
    if rate_per_s <= 0:
        raise ValueError(f"a rate must be above 0, not {rate_per_s:g}")
    if pacing == "constant":
        return array("q", _constant(rate_per_s, duration_s))
    if pacing == "poisson":
        random = Random(f"arrivals/{seed}")  # noqa: S311 - it has to be repeatable
        return array("q", _poisson(rate_per_s, duration_s, random))
    raise ValueError(f"pacing is constant or poisson, not {pacing!r}")


def _constant(rate_per_s: float, duration_s: float) -> Iterator[int]:
    return (round(i * _NS / rate_per_s) for i in range(round(rate_per_s * duration_s)))


def _poisson(rate_per_s: float, duration_s: float, random: Random) -> Iterator[int]:
    rate_per_ns, end_ns = rate_per_s / _NS, duration_s * _NS
    time_ns = random.expovariate(rate_per_ns)
    while time_ns < end_ns:
        yield round(time_ns)
        time_ns += random.expovariate(rate_per_ns)
