"""Requests that are charged one quota, and what becomes of them."""

from mixer.status import OK, Code, Status
from proxy_client.quota.charge import QuotaCharge
from tests.proxy_client.quota.quota_answers import EXACT

NAME = "RequestCount"
ONE = (QuotaCharge(NAME),)
EXHAUSTED = Status(code=Code.RESOURCE_EXHAUSTED, message="Quota is exhausted for: RequestCount")
BY_NAME = ("source.name", EXACT)


def decide(cache, attributes=None, charges=ONE):
    """What is decided when the policy is known to let the request pass."""
    return cache.decide(attributes or {}, charges, use_cache=True)


def passes(cache, answer, attributes=None):
    """Whether one request passes; the answer comes at once, if anything is asked."""
    decision = decide(cache, attributes)
    assert decision.is_decided
    if decision.requests:
        assert decision.answered({NAME: answer}) is decision.status
    return decision.status is OK
