"""The client: cases of the original's tests by their ids there, on library and filter at a time.

Each step compares verdicts, calls, reports and counters of both; what is asserted here is what both
are to do.
"""

import pytest

from tests.proxy_client.wasm.twin.cases import DOWN, ONE, asking, status, twins
from tests.proxy_client.wasm.twin.requests import Failure
from tests.proxy_client.wasm.twin.said import (
    EXACT,
    said,
    with_quotas,
)
from tests.proxy_client.wasm.twin.settings import Settings

PATH = ("request.path", EXACT)
USER = ("request.headers", EXACT, "x-user")

INTERNAL = Failure(13, "broken")


def test_cl1_eleven_checks_are_one_call():
    pair = twins()
    for _ in range(11):
        pair.ask(asking(), said(uses=1000))
    assert pair.counters | {"report_calls": 11} == {
        "check_calls": 11,
        "check_cache_hits": 10,
        "check_cache_misses": 1,
        "check_cache_hit_accepts": 10,
        "remote_check_calls": 1,
        "remote_check_accepts": 1,
        "remote_calls": 1,
        "remote_call_successes": 1,
        "report_calls": 11,
    }


@pytest.mark.parametrize(
    ("settings", "counts"),
    [
        pytest.param({"has_check_cache": False}, (11, None, 11, None), id="CL3"),
        pytest.param({"has_quota_cache": False}, (11, 10, 11, None), id="CL4"),
    ],
)
def test_without_a_cache_each_check_is_a_call(settings, counts):
    pair = twins(Settings(specs=ONE, **settings))
    for _ in range(11):
        pair.ask(asking(), with_quotas(said(uses=1000), {"RequestCount": 1}))
    names = (
        "remote_calls",
        "check_cache_hits",
        "quota_cache_misses",
        "remote_quota_prefetch_calls",
    )
    assert tuple(pair.counters.get(name) for name in names) == counts


def test_cl5_a_hundred_requests_are_six_prefetches():
    pair = twins(Settings(specs=ONE))
    asked = []
    for _ in range(101):
        number = pair.arrive(asking())
        for sent in pair.waiting:
            amount, _ = sent.quotas["RequestCount"]
            asked.append(amount)
            pair.answer(with_quotas(said(), {"RequestCount": amount}))
        pair.end(number)
    assert asked == [1, 10, 10, 14, 24, 40, 66]
    assert pair.counters["quota_cache_hit_accepts"] == 100


def test_cl6_a_denial_is_kept_and_its_quota_is_not_looked_at():
    pair = twins(Settings(specs=ONE))
    answer = with_quotas(said(code=9, uses=100), {"RequestCount": 1})
    assert [status(pair.ask(asking(), answer)) for _ in range(11)] == [400] * 11
    counted = pair.counters
    assert (counted["check_cache_hit_denies"], counted["quota_calls"]) == (10, 1)


@pytest.mark.parametrize(
    ("is_open", "failure", "wanted"),
    [
        (True, DOWN, 200),
        (False, DOWN, 503),
        (False, INTERNAL, 500),
        (False, Failure(14, "upstream request timeout"), 504),
    ],
)
def test_failures_have_the_fail_mode(is_open, failure, wanted):
    pair = twins(Settings(is_fail_open=is_open))
    assert status(pair.ask(asking(), failure)) == wanted


def test_a_kept_verdict_without_quota_has_the_fail_mode_of_quota():
    for is_open, wanted in ((True, 200), (False, 503)):
        pair = twins(Settings(specs=ONE, has_quota_cache=False, is_quota_fail_open=is_open))
        pair.ask(asking(), with_quotas(said(), {"RequestCount": 1}))
        assert status(pair.ask(asking(), DOWN)) == wanted


def test_a_call_is_tried_again_with_the_same_id():
    pair = twins(Settings(retries=2))
    number = pair.arrive(asking())
    for _ in range(2):
        pair.answer(DOWN)
        assert pair.waiting == []
        pair.advance(0.25)
    pair.answer(said())
    assert pair.outcome(number).state == "passed"
    assert pair.counters["remote_call_retries"] == 2
    assert len({sent.deduplication_id for sent in pair.library.sent()}) == 1


def test_a_client_that_leaves_ends_its_call():
    pair = twins()
    pair.give_up(pair.arrive(asking()))
    assert pair.waiting == []
    assert pair.counters["remote_call_cancellations"] == 1


def test_a_client_that_leaves_between_two_tries_cancels_nothing():
    pair = twins(Settings(retries=1))
    number = pair.arrive(asking())
    pair.answer(DOWN)
    pair.give_up(number)
    pair.advance(2)
    assert "remote_call_cancellations" not in pair.counters


def test_equal_requests_share_a_call():
    pair = twins()
    first, second, other = (pair.arrive(asking(path)) for path in ("/a", "/a", "/b"))
    assert len(pair.waiting) == 2
    pair.answer(said(PATH))
    states = [pair.outcome(number).state for number in (first, second, other)]
    assert states == ["passed", "passed", "held"]
    assert pair.counters["check_calls_shared"] == 1


def test_a_mixer_that_knows_fewer_words_is_asked_in_those():
    known = "inconsistent global dictionary versions used: mixer knows 200 words, caller knows 222"
    pair = twins()
    number = pair.arrive(asking())
    pair.answer(Failure(13, known))
    assert [sent.global_word_count for sent in pair.library.sent()] == [222, 200]
    pair.answer(said(PATH))
    pair.end(number)
    pair.advance(2)
    assert [report.global_word_count for report in pair.library.reports()] == [200]
