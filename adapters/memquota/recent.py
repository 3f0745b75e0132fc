"""The answers to recent calls, by deduplication id."""

from mixer.adapter import QuotaResult


class RecentCalls:
    """Remembers each call for one period at least and two at most.

    Two tables: new calls go into the young one; at the end of each period the old one is thrown
    away and the young one grows old (istio 1.4 `dedup.go`). Callers hold a lock, and pass times
    that never step back.
    """

    def __init__(self, period_s: float, now_s: float) -> None:
        self._period_s = period_s
        self._turn_s = now_s + period_s
        self._young: dict[str, tuple[QuotaResult, float]] = {}
        self._old: dict[str, tuple[QuotaResult, float]] = {}

    def __len__(self) -> int:
        """How many calls are held."""
        return len(self._young) + len(self._old)

    def find(self, deduplication_id: str, now_s: float) -> QuotaResult | None:
        """The earlier answer, with what remains of its duration; None for a new call."""
        if now_s >= self._turn_s:
            self._turn(now_s)
        earlier = self._young.get(deduplication_id) or self._old.get(deduplication_id)
        if earlier is None:
            return None
        result, given_s = earlier
        if not result.valid_duration_s:
            return result
        remaining_s = max(0.0, given_s + result.valid_duration_s - now_s)
        return QuotaResult(amount=result.amount, valid_duration_s=remaining_s)

    def remember(self, deduplication_id: str, result: QuotaResult, now_s: float) -> None:
        """Keeps the answer to a call that `find` has just not found."""
        self._young[deduplication_id] = (result, now_s)

    def _turn(self, now_s: float) -> None:
        periods = int((now_s - self._turn_s) // self._period_s) + 1
        self._old = self._young if periods == 1 else {}
        self._young = {}
        self._turn_s += periods * self._period_s
