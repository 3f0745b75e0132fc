"""How much a memquota keeps, and what many threads make of it."""

import itertools
from concurrent.futures import ThreadPoolExecutor

import pytest

from adapters.memquota import INFO, Params, Quota
from adapters.memquota.limit import CounterLimit, WindowLimit
from adapters.memquota.recent import RecentCalls
from mixer.adapter import Duration, QuotaArgs, QuotaResult
from mixer.adapter.testing import start
from mixer.template.quota import Instance

SECOND = Duration.parse("1s")
NAME = "q.instance.ns"


def test_windows_of_ever_new_keys_are_dropped_when_they_are_empty():
    limit = WindowLimit(10, SECOND)
    most = 0
    for number in range(50_000):  # 1000 new keys in every second
        limit.allocate(number, 1, number / 1000, best_effort=False)
        most = max(most, len(limit))
    # Those of one second, and of the tick after which they are looked at.
    assert most <= 1101


def test_a_window_that_is_in_use_is_kept():
    limit = WindowLimit(10, SECOND)
    for tenth in range(100):  # one key always, beside new ones
        now_s = tenth / 10
        assert limit.allocate("busy", 1, now_s, best_effort=False).amount == 1
        assert limit.allocate(tenth, 1, now_s, best_effort=False).amount == 1
    assert limit.allocate("busy", 1, 9.9, best_effort=False).amount == 0
    assert limit.release("busy", 100, 9.9).amount == 10


def test_what_a_burst_leaves_behind_is_dropped_little_by_little():
    limit = WindowLimit(10, SECOND)
    for number in range(1000):
        limit.allocate(number, 1, 0.0, best_effort=False)
    sizes = []
    for _ in range(3):
        limit.allocate("after", 1, 5.0, best_effort=False)
        sizes.append(len(limit))
    assert sizes == [999, 997, 995]  # two are dropped in each call; the first adds its own


def test_a_counter_that_is_given_back_is_dropped():
    limit = CounterLimit(10)
    for number in range(1000):
        limit.allocate(number, 2, 0.0, best_effort=False)
        limit.release(number, 1, 0.0)
        limit.release(number, 1, 0.0)
    assert len(limit) == 0


def test_a_counter_that_grants_nothing_holds_nothing():
    limit = CounterLimit(0)
    assert limit.allocate("k", 1, 0.0, best_effort=True) == QuotaResult()
    assert limit.release("k", 1, 0.0) == QuotaResult()
    assert len(limit) == 0


def test_recent_calls_are_forgotten():
    recent = RecentCalls(1.0, 0.0)
    most = 0
    for number in range(20_000):  # 1000 in every period
        call_id, now_s = str(number), number / 1000
        assert recent.find(call_id, now_s) is None
        recent.remember(call_id, QuotaResult(amount=1), now_s)
        most = max(most, len(recent))
    assert most == 2000


@pytest.mark.parametrize("valid_duration", ["60s", "0s"])
def test_many_threads_get_no_more_than_there_is(valid_duration):
    params = Params(
        quotas=(Quota(name=NAME, max_amount=1000, valid_duration=Duration.parse(valid_duration)),)
    )
    ids = map(str, itertools.count())
    with start(INFO, params) as handler, ThreadPoolExecutor(8) as pool:

        def work(_thread: int) -> int:
            total = 0
            for _ in range(500):
                args = QuotaArgs(deduplication_id=next(ids), amount=1, best_effort=False)
                total += handler.handle_quota(Instance(NAME), args).amount
            return total

        assert sum(pool.map(work, range(8))) == 1000


@pytest.mark.parametrize("valid_duration", ["60s", "0s"])
def test_what_many_threads_take_and_give_back_is_all_there_again(valid_duration):
    params = Params(
        quotas=(Quota(name=NAME, max_amount=7, valid_duration=Duration.parse(valid_duration)),)
    )
    ids = map(str, itertools.count())

    def args(amount: int) -> QuotaArgs:
        return QuotaArgs(deduplication_id=next(ids), amount=amount, best_effort=True)

    with start(INFO, params) as handler, ThreadPoolExecutor(8) as pool:

        def work(_thread: int) -> None:
            for _ in range(250):
                taken = handler.handle_quota(Instance(NAME), args(2)).amount
                assert handler.handle_quota(Instance(NAME), args(-taken)).amount == taken

        list(pool.map(work, range(8)))
        assert handler.handle_quota(Instance(NAME), args(100)).amount == 7


def test_many_threads_with_one_id_are_one_call():
    params = Params(quotas=(Quota(name=NAME, max_amount=1000, valid_duration=SECOND),))
    one = QuotaArgs(deduplication_id="one", amount=10, best_effort=False)
    with start(INFO, params) as handler, ThreadPoolExecutor(8) as pool:
        amounts = list(
            pool.map(lambda _: handler.handle_quota(Instance(NAME), one).amount, range(80))
        )
        rest = QuotaArgs(deduplication_id="rest", amount=1000, best_effort=True)
        assert (set(amounts), handler.handle_quota(Instance(NAME), rest).amount) == ({10}, 990)
