"""Requests of which it is not known yet in which pool Mixer counts them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixer.status import OK
from proxy_client.quota.cache import QuotaCache
from proxy_client.quota.charge import QuotaCharge, QuotaRequest
from tests.proxy_client.quota.quota_answers import Clock, granted
from tests.proxy_client.quota.quota_requests import BY_NAME, EXHAUSTED, NAME, decide, passes


@pytest.fixture
def cache():
    return QuotaCache(100, Clock())


def test_a_request_that_is_not_known_asks_even_when_there_are_tokens(cache):
    first = decide(cache, {"source.name": "user1"})
    second = decide(cache, {"source.name": "user2"}, [QuotaCharge(NAME, 3)])

    assert first.requests == (QuotaRequest(NAME, 10, best_effort=True),)
    assert second.requests == (QuotaRequest(NAME, 3, best_effort=False),)


def test_what_such_a_request_is_granted_is_kept(cache):
    # the original threw it away: Mixer had counted 13, the pool held 10
    first = decide(cache)
    second = decide(cache, charges=[QuotaCharge(NAME, 3)])
    second.answered({NAME: granted(3, life_s=60)})
    first.answered({NAME: granted(9, life_s=60)})  # of 10, so that the pool is closed

    assert [decide(cache).status.code for _ in range(9)] == [0] * 8 + [8]  # 12 - 1 - 3


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_requests_on_their_way_that_are_counted_apart_pay_from_their_own_pools(cache, order):
    users = [{"source.name": "user1"}, {"source.name": "user2"}]
    # Both took from the pool that the first one's call is to fill. The original filed that pool
    # for the one that was answered first, and nothing for the other.
    decisions = [decide(cache, user) for user in users]
    answers = [granted(6, BY_NAME, life_s=60), granted(1, BY_NAME, life_s=60)]

    for index in order:
        decisions[index].answered({NAME: answers[index]})

    assert cache.pool_count == 2
    # user1 paid 1 of 6, and is closed since it had asked for 10
    assert [decide(cache, users[0]).status.code for _ in range(6)] == [0] * 5 + [8]
    # user2 paid 1 of 1; its pool is open, and asks anew
    assert decide(cache, users[1]).requests == (QuotaRequest(NAME, 10, best_effort=True),)


def test_two_calls_for_tokens_of_one_shared_pool_fill_two_pools(cache):
    users = [{"source.name": "user1"}, {"source.name": "user2"}]
    first = decide(cache, users[0])
    assert decide(cache, users[0], [QuotaCharge(NAME, 9)]).status is OK
    second = decide(cache, users[1])  # nothing is left of what was asked for
    assert second.requests == (QuotaRequest(NAME, 10, best_effort=True),)

    first.answered({NAME: granted(10, BY_NAME, life_s=60)})
    second.answered({NAME: granted(4, BY_NAME, life_s=60)})

    assert [decide(cache, users[1]).status.code for _ in range(4)] == [0, 0, 0, 8]
    assert cache.pool_count == 2


def test_who_is_refused_by_mixer_gets_nothing_from_another_ones_pool(cache):
    users = [{"source.name": "user1"}, {"source.name": "user2"}]
    first, second = [decide(cache, user) for user in users]
    first.answered({NAME: granted(10, BY_NAME, life_s=60)})
    second.answered({NAME: granted(0, BY_NAME)})

    assert decide(cache, users[1]).status == EXHAUSTED
    assert decide(cache, users[0]).status is OK


def test_an_answer_does_not_replace_a_pool(cache):
    first, second = [decide(cache, {"source.name": "user1"}) for _ in range(2)]
    second.answered({NAME: granted(1, BY_NAME, life_s=60)})
    first.answered({NAME: granted(7, BY_NAME, life_s=60)})

    assert cache.pool_count == 1
    codes = [decide(cache, {"source.name": "user1"}).status.code for _ in range(7)]
    assert codes == [0] * 6 + [8]  # 8 - 2


STEPS = st.one_of(
    st.tuples(st.sampled_from(["user1", "user2", "user3"]), st.integers(1, 12)),  # who, how much
    st.tuples(st.integers(0, 5), st.integers(0, 15)),  # which call is answered, with how much
)


@given(st.lists(STEPS, max_size=40))
def test_no_token_that_mixer_grants_is_lost(steps):
    cache = QuotaCache(100, Clock())
    waiting = []
    passed = granted_in_all = 0
    for who_or_which, amount in steps:
        if isinstance(who_or_which, str):
            decision = decide(cache, {"source.name": who_or_which}, [QuotaCharge(NAME, amount)])
            passed += amount if decision.status is OK else 0
            waiting += [decision] if decision.requests else []
        elif who_or_which < len(waiting):
            waiting.pop(who_or_which).answered({NAME: granted(amount, BY_NAME)})
            granted_in_all += amount
    for decision in waiting:
        decision.answered({NAME: granted(0, BY_NAME)})
    for user in ("user1", "user2", "user3"):
        while passes(cache, granted(0, BY_NAME), {"source.name": user}):
            passed += 1

    assert passed >= granted_in_all
