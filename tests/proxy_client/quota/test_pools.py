import pytest

from proxy_client.quota.pools import QuotaPools
from tests.proxy_client.quota.quota_answers import ABSENT, EXACT, NOWHERE, references

USER1 = {"source.name": "user1"}
USER2 = {"source.name": "user2"}
BY_NAME = references(("source.name", EXACT))


@pytest.fixture
def pools():
    return QuotaPools(max_pools=10)


def test_requests_of_which_nothing_is_known_share_a_pool(pools):
    assert pools.find(USER1, 0.0) is None
    assert pools.unfiled(0.0) is pools.unfiled(1.0)
    assert pools.count == 1


def test_the_first_answer_files_the_shared_pool(pools):
    shared = pools.unfiled(0.0)

    assert pools.learn(USER1, BY_NAME, shared, 0.0) is shared

    assert pools.find(USER1, 0.0) is shared
    assert pools.find(USER2, 0.0) is None
    assert pools.unfiled(0.0) is not shared


def test_a_later_answer_for_others_files_a_pool_of_its_own(pools):
    shared = pools.unfiled(0.0)
    pools.learn(USER1, BY_NAME, shared, 0.0)

    theirs = pools.learn(USER2, BY_NAME, shared, 0.0)

    assert theirs is not shared
    assert pools.find(USER2, 0.0) is theirs
    assert pools.count == 2


def test_a_later_answer_for_the_same_finds_the_pool_that_is_there(pools):
    shared = pools.unfiled(0.0)
    pools.learn(USER1, BY_NAME, shared, 0.0)

    assert pools.learn(USER1, BY_NAME, pools.unfiled(0.0), 0.0) is shared


@pytest.mark.parametrize(
    "told",
    [
        references((NOWHERE, EXACT)),
        references(("source.name", ABSENT)),  # it is there
        references(("source.uid", EXACT)),  # it is not
    ],
)
def test_a_pool_stays_shared_when_what_was_told_makes_no_sense(pools, told):
    shared = pools.unfiled(0.0)

    assert pools.learn(USER1, told, shared, 0.0) is shared

    assert pools.find(USER1, 0.0) is None
    assert pools.unfiled(0.0) is shared


def test_no_references_at_all_fit_every_request(pools):
    shared = pools.unfiled(0.0)
    pools.learn(USER1, references(), shared, 0.0)

    assert pools.find(USER2, 0.0) is shared
