"""Memquota against a model that keeps a plain list of what was granted and when."""

from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.memquota import INFO, Override, Params, Quota
from mixer.adapter import Duration, QuotaArgs, QuotaResult
from mixer.adapter.testing import FakeClock, start
from mixer.template.quota import Instance

WINDOW, COUNTER = "window.instance.ns", "counter.instance.ns"
PARAMS = Params(
    quotas=(
        Quota(
            name=WINDOW,
            max_amount=5,
            valid_duration=Duration.parse("1s"),
            overrides=(
                Override(
                    dimensions={"user": "b"}, max_amount=3, valid_duration=Duration.parse("1.5s")
                ),
            ),
        ),
        Quota(name=COUNTER, max_amount=5),
    )
)
# (quota, user) → max amount, length of the window in ms (None: a counter), duration in s
LIMITS = {
    (WINDOW, "a"): (5, 1000, 1.0),
    (WINDOW, "b"): (3, 2000, 1.5),
    (COUNTER, "a"): (5, None, 0.0),
    (COUNTER, "b"): (5, None, 0.0),
}


@dataclass
class Model:
    now_ms: int = 0
    granted: dict = field(default_factory=lambda: {cell: [] for cell in LIMITS})
    """For each cell, the tick and amount of every grant, oldest first."""
    answers: dict = field(default_factory=dict)
    """For each id, the period and time of the call, and its answer."""

    def call(self, cell, call_id, amount, best_effort):
        if amount == 0:
            return 0, 0.0
        period = self.now_ms // 1000
        if call_id in self.answers and self.answers[call_id][0] >= period - 1:
            _, at_ms, (earlier, duration_s) = self.answers[call_id]
            return earlier, max(0.0, duration_s - (self.now_ms - at_ms) / 1000)
        answer = self._count(cell, amount, best_effort)
        self.answers[call_id] = (period, self.now_ms, answer)
        return answer

    def _count(self, cell, amount, best_effort):
        max_amount, length_ms, duration_s = LIMITS[cell]
        tick = self.now_ms // 100
        grants = self.granted[cell]
        if length_ms:
            grants[:] = [(t, n) for t, n in grants if tick - t < length_ms // 100]
        in_use = sum(n for _, n in grants)
        if amount < 0:
            return self._release(grants, min(-amount, in_use)), 0.0
        left = max_amount - in_use
        if amount > left and not best_effort:
            return 0, 0.0
        grants.append((tick, min(amount, left)))
        return min(amount, left), duration_s

    @staticmethod
    def _release(grants, amount):
        for _ in range(amount):  # one by one, from the newest that has any
            at = max(i for i, (_, n) in enumerate(grants) if n)
            grants[at] = (grants[at][0], grants[at][1] - 1)
        return amount


waits = st.tuples(st.just("wait"), st.sampled_from([30, 100, 370, 900, 1000, 2500]))
calls = st.tuples(
    st.just("call"),
    st.sampled_from(sorted(LIMITS)),
    st.one_of(st.none(), st.sampled_from(["id-1", "id-2"])),
    st.integers(-4, 7),
    st.booleans(),
)


@settings(max_examples=300)
@given(steps=st.lists(st.one_of(waits, calls, calls), max_size=40))
def test_any_sequence_of_calls_is_answered_as_by_the_model(steps):
    clock, model = FakeClock(), Model()
    with start(INFO, PARAMS, clock=clock) as handler:
        for number, (kind, *step) in enumerate(steps):
            if kind == "wait":
                model.now_ms += step[0]
                clock.advance(step[0] / 1000)
                continue
            cell, shared_id, amount, best_effort = step
            call_id = shared_id or f"call-{number}"
            result = handler.handle_quota(
                Instance(cell[0], {"user": cell[1]}),
                QuotaArgs(deduplication_id=call_id, amount=amount, best_effort=best_effort),
            )
            wanted, duration_s = model.call(cell, call_id, amount, best_effort)
            rounded = round(result.valid_duration_s, 6)
            assert QuotaResult(amount=result.amount, valid_duration_s=rounded) == QuotaResult(
                amount=wanted, valid_duration_s=round(duration_s, 6)
            )
