"""What a memquota tells of its limits, and limits that come with the call."""

import pytest

from adapters.memquota import INFO, Override, Params, Quota
from adapters.memquota.given import GivenLimits
from mixer.adapter import Duration, QuotaArgs, QuotaLimit, QuotaResult, QuotaState
from mixer.adapter.testing import FakeClock, start
from mixer.template.quota import Instance

NAME = "requests.instance.ns"
OTHER = "others.instance.ns"


def params(max_amount: int, valid_duration: str) -> Params:
    duration = Duration.parse(valid_duration)
    override = Override(dimensions={"user": "vip"}, max_amount=50, valid_duration=duration)
    return Params(
        quotas=(
            Quota(name=NAME, max_amount=max_amount, valid_duration=duration, overrides=(override,)),
            Quota(name=OTHER, max_amount=max_amount, valid_duration=duration),
        )
    )


class Caller:
    """Asks one handler, with states unless told otherwise; every call is one of its own."""

    def __init__(self, handler) -> None:
        self._handler = handler

    def __call__(self, amount, *, name=NAME, limit=None, call_id="", best_effort=False, user="a"):
        args = QuotaArgs(call_id, amount, best_effort, limit, wants_state=True)
        return self._handler.handle_quota(Instance(name, {"user": user}), args)


def state(max_amount, window_s, remaining, reset_s):
    return QuotaState(max_amount, window_s, remaining, pytest.approx(reset_s))


# When, how much, the amount granted, what remains, when all is there again.
WINDOW_OF_10_IN_2S = [
    (0.0, 0, 0, 10, 0.0),  # a look at what nobody has used
    (0.0, 3, 3, 7, 2.0),
    (0.5, 2, 2, 5, 2.0),
    (1.0, 0, 0, 5, 1.5),
    (1.0, 6, 0, 5, 1.5),  # refused: nothing is taken
    (1.04, 5, 5, 0, 1.96),  # counted in tick 10, so it leaves at 3.0
    (2.0, 0, 0, 3, 1.0),
    (2.0, -4, 4, 7, 1.0),
    (2.0, -1, 1, 8, 0.5),  # those of tick 10 are gone, those of tick 5 leave at 2.5
    (2.5, 0, 0, 10, 0.0),
]


def test_a_window_tells_what_is_left_and_when_all_of_it_is_there_again():
    clock = FakeClock()
    with start(INFO, params(10, "2s"), clock=clock) as handler:
        call = Caller(handler)
        for at_s, amount, granted, remaining, reset_s in WINDOW_OF_10_IN_2S:
            clock.advance(at_s - clock.clock.monotonic())
            result = call(amount)
            assert (at_s, result.amount) == (at_s, granted)
            assert result.state == state(10, 2.0, remaining, reset_s), at_s


def test_a_counter_tells_what_is_left_and_never_resets():
    with start(INFO, params(10, "0s")) as handler:
        call = Caller(handler)
        assert [call(amount).state for amount in (0, 4, -1)] == [
            state(10, 0.0, 10, 0.0),
            state(10, 0.0, 6, 0.0),
            state(10, 0.0, 7, 0.0),
        ]


def test_an_override_tells_its_own_state():
    with start(INFO, params(10, "2s")) as handler:
        assert Caller(handler)(1, user="vip").state == state(50, 2.0, 49, 2.0)


def test_a_retried_call_gets_the_answer_of_old_and_the_state_of_now():
    clock = FakeClock()
    with start(INFO, params(10, "2s"), clock=clock) as handler:
        call = Caller(handler)
        call(3, call_id="one")
        clock.advance(0.5)
        call(2)
        assert call(3, call_id="one") == QuotaResult(3, 1.5, state=state(10, 2.0, 5, 2.0))


def test_no_state_is_told_unasked():
    with start(INFO, params(10, "2s")) as handler:
        args = QuotaArgs("", 3, best_effort=False)
        assert handler.handle_quota(Instance(NAME, {"user": "a"}), args).state is None


def test_a_given_limit_counts_in_place_of_the_configured_one_and_of_its_overrides():
    given = QuotaLimit(3, 10.0)
    with start(INFO, params(10, "2s")) as handler:
        call = Caller(handler)
        assert call(2, limit=given) == QuotaResult(2, 10.0, state=state(3, 10.0, 1, 10.0))
        assert call(2, limit=given) == QuotaResult(state=state(3, 10.0, 1, 10.0))
        assert call(3, limit=given, user="vip").amount == 3
        assert call(10).amount == 10  # nothing of the configured one has been used


def test_given_limits_with_other_numbers_or_for_other_quotas_count_apart():
    with start(INFO, params(10, "2s")) as handler:
        call = Caller(handler)
        assert [
            call(3, limit=QuotaLimit(3, 10.0)).amount,
            call(3, limit=QuotaLimit(3, 60.0)).amount,
            call(3, limit=QuotaLimit(3, 10.0), name=OTHER).amount,
            call(1, limit=QuotaLimit(3, 10.0)).amount,  # the first one again
        ] == [3, 3, 3, 0]


def test_what_was_taken_of_a_given_limit_can_be_given_back():
    given = QuotaLimit(3, 0.0)
    with start(INFO, params(10, "2s")) as handler:
        call = Caller(handler)
        assert [call(n, limit=given).amount for n in (3, -2, 2, 1)] == [3, 2, 2, 0]


def test_of_too_many_given_limits_the_one_used_longest_ago_is_forgotten():
    limits = GivenLimits(max_count=2)
    first, second = (limits.find(NAME, QuotaLimit(n, 1.0)) for n in (1, 2))
    assert limits.find(NAME, QuotaLimit(1, 1.0)) is first
    limits.find(NAME, QuotaLimit(3, 1.0))
    assert len(limits) == 2
    assert limits.find(NAME, QuotaLimit(1, 1.0)) is first
    assert limits.find(NAME, QuotaLimit(2, 1.0)) is not second
