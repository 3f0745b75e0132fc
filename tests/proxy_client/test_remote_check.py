"""The fail modes (F2 to F4, G7, G8), and what is kept of an answer, through a whole client."""

import pytest

from mixer.status import Code, Status
from proxy_client.options import FailMode
from proxy_client.quota.charge import QuotaCharge
from proxy_client.verdict import Verdict
from tests.proxy_client.fake_mixer import (
    REFUSED,
    TOO_LATE,
    UNREACHABLE,
    FakeMixer,
    answer,
    client_of,
    counted,
    granting,
    hold_invariants,
)

HERE = {"source.name": "here"}
ONE = (QuotaCharge("RequestCount"),)
HIT = Verdict(check_cache_hit=True)
OPEN, CLOSED = FailMode.OPEN, FailMode.CLOSED


def status_of(error):
    return Status(code=error.code, message=error.details)


@pytest.mark.parametrize("error", [UNREACHABLE, TOO_LATE, REFUSED])
@pytest.mark.parametrize("quotas", [(), ONE])
def test_failing_open_a_check_without_an_answer_passes(error, quotas):
    client = client_of(FakeMixer(lambda _: error), check_fail_mode=OPEN)

    assert client.check(HERE, quotas) == Verdict()
    assert counted(client, "remote_check_accepts") == {"remote_check_accepts": 1}
    assert hold_invariants(client)


@pytest.mark.parametrize("error", [UNREACHABLE, TOO_LATE, REFUSED])
@pytest.mark.parametrize("quotas", [(), ONE])
def test_failing_closed_it_gets_the_status_of_the_failure(error, quotas):
    client = client_of(FakeMixer(lambda _: error), check_fail_mode=CLOSED)

    assert client.check(HERE, quotas) == Verdict(status_of(error))
    assert counted(client, "remote_check_denies") == {"remote_check_denies": 1}
    assert hold_invariants(client)


def test_a_failure_is_not_cached():
    mixer = FakeMixer(lambda _: UNREACHABLE)
    client = client_of(mixer, check_fail_mode=OPEN)
    client.check(HERE)
    mixer.respond = lambda _: answer(7, "no")

    assert client.check(HERE).status.code == Code.PERMISSION_DENIED


# ADD: fail-close with policy hit and failed quota RPC
@pytest.mark.parametrize(
    ("mode", "verdict"),
    [
        (CLOSED, Verdict(status_of(UNREACHABLE), check_cache_hit=True)),
        (OPEN, HIT),
    ],
)
def test_a_call_only_for_quota_fails_by_the_mode_for_quota(mode, verdict):
    mixer = FakeMixer(granting)
    client = client_of(mixer, quota_cache_entries=0, quota_fail_mode=mode)
    client.check(HERE, ONE)
    mixer.respond = lambda _: UNREACHABLE

    assert client.check(HERE, ONE) == verdict
    assert counted(client, "remote_quota_denies") == {"remote_quota_denies": int(mode is CLOSED)}
    assert hold_invariants(client)


@pytest.mark.parametrize(("mode", "passes"), [(OPEN, 20), (CLOSED, 10)])
def test_a_prefetch_that_fails_gives_tokens_by_the_mode_for_quota(mode, passes):
    mixer = FakeMixer(granting)
    client = client_of(mixer, quota_fail_mode=mode)
    for _ in range(11):  # as many as the first two calls bring
        assert client.check(HERE, ONE).is_ok
    mixer.respond = lambda _: UNREACHABLE

    verdicts = [client.check(HERE, ONE).is_ok for _ in range(20)]

    assert verdicts == [True] * passes + [False] * (20 - passes)
    assert hold_invariants(client)


# G7
@pytest.mark.parametrize(
    ("mode", "verdicts"),
    [
        (OPEN, [Verdict(), HIT]),
        (
            CLOSED,
            [
                Verdict(Status(code=Code.INTERNAL, message="broken")),
                Verdict(Status(code=Code.INTERNAL, message="broken"), check_cache_hit=True),
            ],
        ),
    ],
)
def test_an_internal_error_in_an_answer_is_like_no_answer_but_kept(mode, verdicts):
    client = client_of(FakeMixer(lambda _: answer(13, "broken")), check_fail_mode=mode)

    assert [client.check(HERE), client.check(HERE)] == verdicts
    assert hold_invariants(client)


@pytest.mark.parametrize("code", [5, 14])
def test_all_denials_come_from_the_cache(code):
    mixer = FakeMixer(lambda _: answer(code, "no"))
    client = client_of(mixer)

    assert [client.check(HERE).status.code for _ in range(10)] == [code] * 10
    assert len(mixer.calls) == 1
