"""Redisquota against a model that keeps a plain list of all that is in use, one by one."""

import itertools
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.redisquota import Algorithm, Params, Quota
from benchmarks.micro.adapters.redis_server import RedisServer
from mixer.adapter import Duration
from tests.adapters.quota_battery import Caller
from tests.adapters.redisquota.given_time import started

NAME = "requests.instance.ns"
MOST, WINDOW_S, BUCKET_S = 5, 60, 10
PREFIXES = (f"model-{n}" for n in itertools.count())


@dataclass
class Model:
    """One cell."""

    is_rolling: bool
    now_s: int = 0
    units: list = field(default_factory=list)
    """For each unit in use the instant with which it leaves, oldest first: the beginning of its
    bucket, or of the window."""
    answers: dict = field(default_factory=dict)
    """By id: amount, and the instant until which it was granted."""

    def ask(self, call_id, amount, best_effort):
        """Amount, duration, what remains, and when all is there again."""
        self.units = [begin for begin in self.units if begin + WINDOW_S > self.now_s]
        if call_id not in self.answers or not amount:
            granted, valid_s = self._count(amount, best_effort)
            if amount:
                self.answers[call_id] = granted, self.now_s + valid_s
        else:
            granted, until_s = self.answers[call_id]
            valid_s = max(0, until_s - self.now_s)
        reset_s = self.units[-1] + WINDOW_S - self.now_s if self.units else 0
        # A refusal says nothing of a duration.
        shown_s = valid_s if granted or amount <= 0 else 0
        return granted, shown_s, MOST - len(self.units), reset_s

    def _count(self, amount, best_effort):
        if amount <= 0:
            kept = max(0, len(self.units) + amount)
            released = len(self.units) - kept
            del self.units[kept:]
            return released, 0
        granted = min(amount, MOST - len(self.units))
        if not granted or (granted < amount and not best_effort):
            return 0, 0
        self.units += granted * [self._begin()]
        return granted, WINDOW_S if self.is_rolling else self.units[-1] + WINDOW_S - self.now_s

    def _begin(self):
        if self.units and (not self.is_rolling or self.now_s - self.units[-1] < BUCKET_S):
            return self.units[-1]
        return self.now_s


@pytest.fixture(scope="module")
def redis(tmp_path_factory):
    with RedisServer(tmp_path_factory.mktemp("redis")) as server:
        yield server


waits = st.tuples(st.just("wait"), st.sampled_from([1, 9, 10, 11, 25, 50, 60]))
calls = st.tuples(
    st.just("call"),
    st.sampled_from([None, None, None, "id-1", "id-2"]),
    st.sampled_from([-4, -2, -1, 0, 1, 1, 2, 2, 3, 7]),
    st.booleans(),
)


@pytest.mark.parametrize("algorithm", list(Algorithm))
@settings(
    max_examples=120,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(st.one_of(waits, calls), min_size=10, max_size=40))
def test_any_sequence_of_calls_is_answered_as_by_the_model(redis, algorithm, steps):
    quota = Quota(
        name=NAME,
        max_amount=MOST,
        valid_duration=Duration.from_seconds(WINDOW_S),
        bucket_duration=Duration.from_seconds(BUCKET_S),
        rate_limit_algorithm=algorithm,
    )
    params = Params(quotas=(quota,), redis_server_url=redis.address, timeout=Duration.parse("5s"))
    model = Model(is_rolling=algorithm is Algorithm.ROLLING_WINDOW)
    with started(params, next(PREFIXES)) as (handler, advance):
        call = Caller(handler)
        for number, (kind, *step) in enumerate(steps):
            if kind == "wait":
                model.now_s += step[0]
                advance(step[0])
                continue
            shared_id, amount, best_effort = step
            call_id = shared_id or f"call-{number}"
            result = call.ask(amount, call_id=call_id, best_effort=best_effort)
            seen = result.amount, result.valid_duration_s, result.state.remaining
            assert (*seen, result.state.reset_s) == model.ask(call_id, amount, best_effort)
