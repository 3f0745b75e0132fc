"""Quotas: cases of the original's tests by their ids there, on library and filter at a time.

Each step compares verdicts, calls, reports and counters of both; what is asserted here is what both
are to do.
"""

import pytest

from tests.proxy_client.wasm.twin.cases import ONE, asking, status, twins
from tests.proxy_client.wasm.twin.requests import Outcome
from tests.proxy_client.wasm.twin.said import (
    ABSENT,
    EXACT,
    NOWHERE,
    REGEX,
    said,
    with_quotas,
)
from tests.proxy_client.wasm.twin.settings import Rule, Settings

PATH = ("request.path", EXACT)
USER = ("request.headers", EXACT, "x-user")


def charged(**settings):
    return twins(Settings(specs=ONE, **settings))


def test_qc2_without_a_cache_each_request_takes_its_own():
    pair = charged(has_quota_cache=False)
    pair.ask(asking(), with_quotas(said(PATH), {"RequestCount": 1}))
    number = pair.arrive(asking())
    assert pair.waiting[0].quotas == {"RequestCount": (1, False)}
    pair.answer(with_quotas(said(PATH), {"RequestCount": 0}))
    wanted = Outcome(
        "replied",
        (("content-type", "text/plain"),),
        429,
        "RESOURCE_EXHAUSTED:Quota is exhausted for: RequestCount",
    )
    assert pair.outcome(number) == wanted


def test_qc4_a_quota_that_mixer_could_not_look_at_refuses_nobody():
    pair = charged()
    unavailable = with_quotas(said(PATH, uses=0), {"RequestCount": 0}, code=14)
    assert status(pair.ask(asking(), unavailable)) == 200


def test_qc5_the_first_request_of_a_pool_passes_at_once():
    pair = charged()
    pair.ask(asking(), with_quotas(said(), {"RequestCount": 1}))
    number = pair.arrive(asking())
    assert pair.outcome(number).state == "passed"
    assert pair.waiting[0].quotas == {"RequestCount": (10, True)}
    pair.answer(said())
    assert status(pair.ask(asking(), said())) == 200


def test_qc6_of_ten_requests_without_a_grant_one_passes():
    pair = charged()
    pair.ask(asking(), with_quotas(said(), {"RequestCount": 1}))
    none = with_quotas(said(), {"RequestCount": 0})
    assert [status(pair.ask(asking(), none)) for _ in range(10)] == [200] + 9 * [429]


@pytest.mark.parametrize(
    "read",
    [
        pytest.param((NOWHERE, EXACT), id="QC7"),
        pytest.param(("request.path", ABSENT), id="QC8"),
    ],
)
def test_a_pool_stays_with_all_while_nobody_knows_whose_it_is(read):
    pair = charged()
    none = with_quotas(said(), {"RequestCount": 0}, read)
    pair.ask(asking(), with_quotas(said(), {"RequestCount": 1}))
    assert [status(pair.ask(asking(path), none)) for path in ("/1", "/2")] == [200, 429]


@pytest.mark.parametrize("read", [pytest.param(PATH, id="QC9"), pytest.param(USER, id="QC10")])
def test_pools_are_apart_by_what_mixer_counts_by(read):
    pair = charged()
    one, other = (asking(f"/{user}", ("x-user", user)) for user in ("1", "2"))
    none, ten = (with_quotas(said(), {"RequestCount": n}, read) for n in (0, 10))
    pair.ask(one, with_quotas(said(), {"RequestCount": 1}))
    assert [status(pair.ask(one, none)) for _ in range(2)] == [200, 429]
    assert [status(pair.ask(other, ten)) for _ in range(5)] == [200] * 5
    assert status(pair.ask(one, none)) == 429


def test_of_two_quotas_only_those_that_are_exhausted_are_named():
    both = ((Rule(charges=(("a", 1), ("b", 2))),),)
    pair = twins(Settings(specs=both, has_quota_cache=False))
    denied = pair.ask(asking(), with_quotas(said(), {"a": 0, "b": 2}))
    assert denied.body == "RESOURCE_EXHAUSTED:Quota is exhausted for: a"


def test_a_pool_that_nobody_asks_for_ten_minutes_is_forgotten():
    pair = charged(is_reported=False)
    pair.ask(asking(), with_quotas(said(), {"RequestCount": 1}))
    many = with_quotas(said(), {"RequestCount": 10}, PATH, valid_s=86_400)
    pair.ask(asking(), many)
    pair.advance(599)
    pair.ask(asking(), many)
    assert pair.counters["remote_quota_prefetch_calls"] == 1
    pair.advance(600)
    pair.ask(asking(), many)
    assert pair.counters["remote_quota_prefetch_calls"] == 2


def test_a_prefetch_that_mixer_denies_closes_the_pool():
    pair = charged()
    denial = said(("request.path", REGEX), code=7)  # it is not kept
    pair.ask(asking(), with_quotas(said(), {"RequestCount": 1}))
    assert [status(pair.ask(asking(), denial)) for _ in range(2)] == [200, 429]
