"""Notes what becomes of each request, and makes a record of it once all is over."""

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterator
from statistics import median_low
from typing import Final

from benchmarks.load.channel import Outcome
from benchmarks.load.record import SLICE_S, LoadRecord, histogram

NEVER_SENT: Final = "never sent"
QUEUE_FULL: Final = "too many waited to be sent"
UNANSWERED: Final = "no answer in time"

_UNKNOWN: Final = -1
_SLICE_NS: Final = round(SLICE_S * 1e9)


class Tally:
    """Times of requests by their number, in ns of the clock `time.monotonic_ns`."""

    def __init__(self, start_ns: int, offsets_ns: "array[int]") -> None:
        """`offsets_ns` are when requests are meant to leave, seen from `start_ns`."""
        self._start_ns: Final = start_ns
        self.meant_ns: Final = array("q", (start_ns + offset for offset in offsets_ns))
        self._latencies_ns = array("q", [_UNKNOWN]) * len(offsets_ns)
        self._lags_ns: Final = array("q")
        self._outcomes: Final[Counter[Outcome]] = Counter()
        self._last_ns = start_ns
        self._sent_count = 0

    def meant_now(self, now_ns: int) -> int:
        """Adds a request that leaves now, and gives its number."""
        self.meant_ns.append(now_ns)
        self._latencies_ns.append(_UNKNOWN)
        return len(self.meant_ns) - 1

    def sent(self) -> None:
        """A request has left when it was meant to."""
        self._sent_count += 1

    def sent_late(self, lag_ns: int) -> None:
        """A request has left, by so much later through our fault."""
        self._sent_count += 1
        self._lags_ns.append(lag_ns)

    def ended(self, number: int, outcome: Outcome, now_ns: int) -> None:
        """The outcome of a request is known."""
        self._outcomes[outcome] += 1
        if not isinstance(outcome, str):
            self._latencies_ns[number] = now_ns - self.meant_ns[number]
            self._last_ns = now_ns

    def never_ended(self, reason: str, count: int) -> None:
        """So many requests have no outcome."""
        if count:
            self._outcomes[reason] += count

    def record(self, cpu_s: float) -> LoadRecord:
        """What came of it all."""
        by_status = {key: n for key, n in self._outcomes.items() if not isinstance(key, str)}
        return LoadRecord(
            planned_count=len(self.meant_ns),
            sent_count=self._sent_count,
            answered_count=sum(by_status.values()),
            by_status=by_status,
            errors={key: n for key, n in self._outcomes.items() if isinstance(key, str)},
            latency_ns=histogram(value for value in self._latencies_ns if value >= 0),
            send_lag_ns=histogram(self._lags_ns),
            elapsed_s=(self._last_ns - self._start_ns) / 1e9,
            cpu_s=cpu_s,
            medians_ns=tuple(self._medians_ns()),
        )

    def _medians_ns(self) -> Iterator[int | None]:
        slices: defaultdict[int, list[int]] = defaultdict(list)
        for meant_ns, latency_ns in zip(self.meant_ns, self._latencies_ns, strict=True):
            if latency_ns >= 0:
                slices[(meant_ns - self._start_ns) // _SLICE_NS].append(latency_ns)
        for number in range(max(slices, default=-1) + 1):
            yield median_low(slices[number]) if slices[number] else None
