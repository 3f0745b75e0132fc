import threading

import pytest

from mixer.status import OK, Code, Status
from proxy_client.quota.cache import QuotaCache
from proxy_client.quota.charge import QuotaCharge, QuotaRequest
from tests.proxy_client.quota.quota_answers import ABSENT, EXACT, NOWHERE, Clock, granted
from tests.proxy_client.quota.quota_requests import BY_NAME, EXHAUSTED, NAME, ONE, decide, passes


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def cache(clock):
    return QuotaCache(100, clock)


def fill(cache, attributes, answer):
    """Files a pool for these attributes; the request itself passes."""
    assert passes(cache, answer, attributes)


# --- what upstream tests ---


def test_nothing_to_charge_is_decided(cache):  # QC1
    decision = decide(cache, charges=())

    assert (decision.is_decided, decision.status, decision.requests) == (True, OK, ())
    assert decision.answered(None) is OK


@pytest.mark.parametrize(
    ("max_pools", "use_cache"),
    [
        (0, True),  # QC2
        (100, False),  # QC3
    ],
)
@pytest.mark.parametrize(("amount", "status"), [(1, OK), (0, EXHAUSTED)])
def test_without_the_cache_mixer_decides(clock, max_pools, use_cache, amount, status):
    cache = QuotaCache(max_pools, clock)

    decision = cache.decide({}, ONE, use_cache=use_cache)

    assert not decision.is_decided
    assert decision.requests == (QuotaRequest(NAME, 1, best_effort=False),)
    assert decision.answered({NAME: granted(amount)}) == status


def test_without_the_cache_a_quota_that_mixer_could_not_look_at_lets_pass(cache):  # QC4
    decision = cache.decide({}, ONE, use_cache=False)

    assert decision.answered({NAME: granted(0, code=Code.UNAVAILABLE)}) is OK


def test_the_first_request_passes_and_asks_for_more(cache):  # QC5
    decision = decide(cache)

    assert (decision.is_decided, decision.status) == (True, OK)
    assert decision.requests == (QuotaRequest(NAME, 10, best_effort=True),)
    assert decision.answered({}) is OK
    assert decide(cache).status is OK


def test_when_nothing_is_granted_only_the_first_passes(cache):  # QC6
    assert [passes(cache, granted(0)) for _ in range(10)] == [True] + [False] * 9


@pytest.mark.parametrize(
    "reference",
    [
        (NOWHERE, ABSENT),  # QC7
        ("source.name", ABSENT),  # QC8: it is there
    ],
)
def test_a_pool_whose_conditions_make_no_sense_is_shared(cache, reference):
    answer = granted(0, reference)

    assert passes(cache, answer, {"source.name": "user1"})
    assert not passes(cache, answer, {"source.name": "user2"})


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"source.name": "user1"}, {"source.name": "user2"}),  # QC9: two values
        ({"source.name": "name"}, {"source.uid": "uid"}),  # QC10: two attributes
    ],
)
def test_what_mixer_counts_apart_has_pools_of_its_own(cache, first, second):
    (word,), (other_word,) = first, second
    none, ten = granted(0, (word, EXACT)), granted(10, (other_word, EXACT))

    assert passes(cache, none, first)
    assert passes(cache, ten, second)
    assert not passes(cache, none, first)
    assert passes(cache, ten, second)


def test_a_hundred_requests_make_six_calls(cache):
    amounts = []
    for _ in range(100):
        decision = decide(cache)
        assert decision.status is OK
        for request in decision.requests:
            amounts.append(request.amount)
            decision.answered({NAME: granted(request.amount, life_s=10)})

    assert amounts == [10, 10, 14, 24, 40, 66]


# --- ADD: several quotas, amounts ---


def closed(cache, name):
    """Makes a quota known that has nothing left."""
    decision = decide(cache, charges=[QuotaCharge(name)])
    decision.answered({name: granted(0)})


def test_a_rejection_names_what_is_exhausted(cache):
    closed(cache, "a")
    closed(cache, "c")

    status = decide(cache, charges=[QuotaCharge(name) for name in "abc"]).status

    assert status == Status(code=Code.RESOURCE_EXHAUSTED, message="Quota is exhausted for: a,c")


def test_a_rejected_request_pays_nothing(cache, clock):
    # the original kept what it had taken of the other quotas
    decide(cache, charges=[QuotaCharge("a")]).answered({"a": granted(3, life_s=60)})
    closed(cache, "b")
    both = [QuotaCharge("a"), QuotaCharge("b")]

    assert [decide(cache, charges=both).status.code for _ in range(10)] == [8] * 10

    only_a = [QuotaCharge("a")]
    assert [decide(cache, charges=only_a).status.code for _ in range(3)] == [0, 0, 8]


def test_mixer_may_reject_one_of_several(cache):
    charges = [QuotaCharge(name) for name in "abc"]

    decision = cache.decide({}, charges, use_cache=False)

    assert decision.requests == tuple(QuotaRequest(name, 1, best_effort=False) for name in "abc")
    answer = {"a": granted(1), "b": granted(0), "c": granted(0)}
    assert decision.answered(answer).message == "Quota is exhausted for: b,c"


def test_a_charge_may_be_more_than_one(cache):
    charge = [QuotaCharge(NAME, 25)]

    first = decide(cache, charges=charge)
    assert first.requests == (QuotaRequest(NAME, 25, best_effort=True),)
    first.answered({NAME: granted(40, life_s=60)})

    assert decide(cache, charges=charge).status == EXHAUSTED  # 15 are left
    assert decide(cache, charges=[QuotaCharge(NAME, 15)]).status is OK


def test_a_quota_charged_twice_is_charged_the_sum(cache):
    twice = [QuotaCharge(NAME, 2), QuotaCharge("other"), QuotaCharge(NAME, 3)]

    decision = cache.decide({}, twice, use_cache=False)

    assert decision.requests == (
        QuotaRequest(NAME, 5, best_effort=False),
        QuotaRequest("other", 1, best_effort=False),
    )


# --- ADD: answers that grant nothing ---


def test_a_pool_that_mixer_could_not_look_at_closes(cache):
    assert passes(cache, granted(0, code=Code.UNAVAILABLE))
    assert not passes(cache, granted(0, code=Code.UNAVAILABLE))


def test_a_denied_policy_gives_no_tokens(cache, clock):
    # the original took it for a call that failed: all tokens, for a minute
    decision = decide(cache)
    assert decision.policy_denied() is OK

    assert [decide(cache).status.code for _ in range(3)] == [8] * 3

    clock.now_s += 0.5
    again = decide(cache)
    assert again.policy_denied() == EXHAUSTED
    assert decide(cache).status == EXHAUSTED


def test_a_denied_policy_is_no_reason_to_reject(cache):
    decision = cache.decide({}, ONE, use_cache=False)

    assert decision.policy_denied() is OK


def test_a_call_that_failed_lets_pass_for_a_while(cache, clock):
    assert decide(cache).answered(None) is OK

    clock.now_s += 59
    assert [decide(cache).status.code for _ in range(9)] == [0] * 9
    assert cache.decide({}, ONE, use_cache=False).answered(None) is OK


def test_a_call_that_failed_gives_nothing_when_told_so(clock):
    cache = QuotaCache(100, clock, fail_open=False)

    assert decide(cache).answered(None) is OK

    assert decide(cache).status == EXHAUSTED


def test_a_second_answer_changes_nothing(cache):
    decision = decide(cache)
    for _ in range(3):
        decision.answered({NAME: granted(2, life_s=60)})
        decision.policy_denied()

    assert [decide(cache).status.code for _ in range(2)] == [0, 8]


# --- ADD: bounds ---


def test_an_idle_pool_is_forgotten_after_ten_minutes(cache, clock):
    user = {"source.name": "user1"}
    fill(cache, user, granted(9, BY_NAME, life_s=10_000))

    clock.now_s += 599
    assert decide(cache, user).requests == ()  # 7 left

    clock.now_s += 600
    assert decide(cache, user).requests == (QuotaRequest(NAME, 10, best_effort=True),)


def test_the_shared_pool_is_forgotten_too(cache, clock):
    assert passes(cache, granted(0, (NOWHERE, EXACT)))

    clock.now_s += 600

    assert passes(cache, granted(0, (NOWHERE, EXACT)))


def test_tokens_without_a_duration_last_a_minute(cache, clock):
    assert passes(cache, granted(9))

    clock.now_s += 59.9
    assert decide(cache).status is OK
    clock.now_s += 0.1
    assert decide(cache).status == EXHAUSTED


def test_pools_are_bounded(clock):
    cache = QuotaCache(5, clock)
    for user in range(50):
        fill(cache, {"source.name": f"user{user}"}, granted(0, BY_NAME))

    assert cache.pool_count == 5
    assert not passes(cache, granted(0, BY_NAME), {"source.name": "user49"})
    assert passes(cache, granted(0, BY_NAME), {"source.name": "user0"})  # forgotten


def test_quotas_are_bounded(clock):
    cache = QuotaCache(5, clock)
    for number in range(500):
        decide(cache, charges=[QuotaCharge(f"quota{number}")])

    assert cache.pool_count == 100


def test_many_threads_get_no_more_than_there_is(cache):
    fill(cache, {}, granted(2001, life_s=60))
    decide(cache, charges=[QuotaCharge(NAME, 3000)]).answered({NAME: granted(0)})  # closes
    passed = []

    def run():
        passed.append(sum(decide(cache).status is OK for _ in range(1000)))

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(passed) == 2000
