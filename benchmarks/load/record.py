"""What came of a load: the one result of the generator."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Final

from hdrh.histogram import HdrHistogram

from benchmarks.statistics.shape import DIGITS, HIGHEST_NS, LOWEST_NS

SLICE_S: Final = 0.5
"""The time of which one median is kept."""

_UNIT_BITS: Final = LOWEST_NS.bit_length() - 1
_KEPT_BITS: Final = 11
"""2,048 is the first power of two that tells 2 · 10³ values apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadRecord:
    """Counts and times of one load. Planned = answered + errors."""

    planned_count: int
    """Requests that were meant to leave."""
    sent_count: int
    answered_count: int
    """Answers that came whole, of any status."""
    by_status: Mapping[int, int]
    """Answers by HTTP status."""
    errors: Mapping[str, int]
    """Requests without an answer, by what happened."""
    latency_ns: str
    """HdrHistogram in base64 of all answers: from when the request was meant to leave (in
    saturation: from when it left) to the last byte of its answer."""
    send_lag_ns: str
    """HdrHistogram in base64 of all that left: by how much later than meant, as far as that was
    the generator's fault (see `benchmarks.load.lag`). Empty in saturation."""
    elapsed_s: float
    """From when the first request was meant to leave to the last answer."""
    cpu_s: float
    """What the generator took meanwhile, without its waiting in `spin_us`."""
    medians_ns: tuple[int | None, ...]
    """The median latency of the requests meant to leave in each half second, in order; None for
    one without answers. It tells whether a server has become warm."""

    @property
    def error_count(self) -> int:
        """All requests without an answer."""
        return sum(self.errors.values())

    @property
    def rate_per_s(self) -> float:
        """Answers per second: the throughput, in saturation."""
        return self.answered_count / self.elapsed_s if self.elapsed_s else 0.0

    def to_json(self) -> str:
        """The form that `from_json` reads."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "LoadRecord":
        """Raises ValueError, KeyError or TypeError if `text` is not what `to_json` gives."""
        fields = json.loads(text)
        by_status = {int(status): count for status, count in fields["by_status"].items()}
        medians_ns = tuple(fields["medians_ns"])
        return cls(**{**fields, "by_status": by_status, "medians_ns": medians_ns})


def histogram(values_ns: Iterable[int]) -> str:
    """The HdrHistogram of some times, in its base64 form.

    Values that share a bucket are recorded at once, because recording one takes 5 µs. Longer times
    than `HIGHEST_NS` count as that.
    """
    result = HdrHistogram(LOWEST_NS, HIGHEST_NS, DIGITS)
    for value, count in Counter(map(_bucket, values_ns)).items():
        result.record_value(min(value, HIGHEST_NS), count)
    encoded: bytes = result.encode()
    return encoded.decode()


def _bucket(value_ns: int) -> int:
    # The least value that the histogram does not tell from this one.
    shift = max(_UNIT_BITS, value_ns.bit_length() - _KEPT_BITS)
    return value_ns >> shift << shift
