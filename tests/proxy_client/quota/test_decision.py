import pytest

from mixer.status import OK, Code, Status
from proxy_client.quota.charge import QuotaCharge, QuotaRequest
from proxy_client.quota.decision import PASSED, Decided, LeftToMixer, exhausted
from tests.proxy_client.quota.quota_answers import granted


@pytest.mark.parametrize(
    ("names", "status"),
    [
        ((), OK),
        (("a",), Status(code=Code.RESOURCE_EXHAUSTED, message="Quota is exhausted for: a")),
        (
            ("b", "a"),
            Status(code=Code.RESOURCE_EXHAUSTED, message="Quota is exhausted for: b,a"),
        ),
    ],
)
def test_the_status_names_the_quotas_that_are_used_up(names, status):
    assert exhausted(names) == status


@pytest.mark.parametrize("decision", [PASSED, Decided(exhausted(["a"]))])
def test_what_is_decided_asks_nothing_and_stays(decision):
    assert decision.is_decided
    assert decision.requests == ()
    assert decision.answered({"a": granted(1)}) is decision.status
    assert decision.policy_denied() is decision.status


def test_what_is_left_to_mixer_asks_for_just_the_charges():
    decision = LeftToMixer([QuotaCharge("a", 5), QuotaCharge("b")])

    assert (decision.is_decided, decision.status) == (False, OK)
    assert decision.requests == (QuotaRequest("a", 5, False), QuotaRequest("b", 1, False))


@pytest.mark.parametrize(
    ("results", "status"),
    [
        (None, OK),  # no answer at all
        ({}, OK),  # an answer without it
        ({"a": granted(5)}, OK),
        ({"a": granted(0)}, exhausted(["a"])),
        ({"a": granted(-1)}, exhausted(["a"])),
        ({"a": granted(0, code=Code.UNAVAILABLE)}, OK),  # Mixer could not look
        ({"a": granted(0, code=Code.INTERNAL)}, exhausted(["a"])),
        ({"b": granted(0)}, OK),  # not asked for
    ],
)
def test_only_a_refusal_rejects(results, status):
    assert LeftToMixer([QuotaCharge("a", 5)]).answered(results) == status
