"""CL1 to CL7 of the original's tests, and what else one client does."""

import pytest

from mixer.status import OK, Code, Status
from protos.mixer.v1.mixer_pb2 import CheckResponse
from proxy_client.client import MixerClient
from proxy_client.options import RetryOptions
from proxy_client.quota.charge import QuotaCharge
from proxy_client.transport import RefusedError
from proxy_client.verdict import Verdict
from tests.proxy_client.fake_mixer import (
    FakeMixer,
    answer,
    client_of,
    counted,
    granting,
    hold_invariants,
    non_zero,
)

HERE = {"source.name": "here"}
ONE = (QuotaCharge("RequestCount"),)
HIT = Verdict(OK, check_cache_hit=True)
BOTH_HIT = Verdict(OK, check_cache_hit=True, quota_cache_hit=True)


def checks(client, count, quotas=()):
    return [client.check(HERE, quotas) for _ in range(count)]


# CL1
def test_eleven_checks_are_one_call_while_the_answer_may_be_used():
    mixer = FakeMixer(granting)
    client = client_of(mixer)

    assert checks(client, 11) == [Verdict(), *[HIT] * 10]
    assert len(mixer.calls) == 1
    assert non_zero(client) == {
        "check_calls": 11,
        "check_cache_hits": 10,
        "check_cache_misses": 1,
        "check_cache_hit_accepts": 10,
        "remote_check_calls": 1,
        "remote_check_accepts": 1,
        "remote_calls": 1,
        "remote_call_successes": 1,
    }
    assert hold_invariants(client)


# CL2: here the transport belongs to the client, and no other is ever made
def test_a_client_makes_one_transport_and_only_when_it_is_needed():
    made = []

    def connect():
        made.append(FakeMixer(lambda _: answer(uses=0)))
        return made[-1]

    with MixerClient(connect) as client:
        assert made == []
        checks(client, 11)

    assert [len(mixer.calls) for mixer in made] == [11]


# CL3
def test_without_a_check_cache_quota_is_not_cached_either():
    mixer = FakeMixer(granting)
    client = client_of(mixer, check_cache_entries=0)

    assert checks(client, 11, ONE) == [Verdict()] * 11
    assert len(mixer.calls) == 11
    assert counted(
        client, "quota_cache_hits", "quota_cache_misses", "remote_quota_prefetch_calls"
    ) == {"quota_cache_hits": 0, "quota_cache_misses": 11, "remote_quota_prefetch_calls": 0}
    assert hold_invariants(client)


# CL4
def test_without_a_quota_cache_each_request_asks_for_its_own():
    mixer = FakeMixer(granting)
    client = client_of(mixer, quota_cache_entries=0)

    assert checks(client, 11, ONE) == [Verdict(), *[HIT] * 10]
    assert [call.request.quotas["RequestCount"].amount for call in mixer.calls] == [1] * 11
    assert counted(
        client,
        *("check_cache_hits", "check_cache_misses", "quota_cache_misses"),
        *("remote_check_calls", "remote_quota_calls"),
    ) == {
        "check_cache_hits": 10,
        "check_cache_misses": 1,
        "quota_cache_misses": 11,
        "remote_check_calls": 1,
        "remote_quota_calls": 11,
    }
    assert hold_invariants(client)


# CL5
def test_a_hundred_requests_with_quota_are_six_prefetches():
    mixer = FakeMixer(granting)
    client = client_of(mixer)

    assert checks(client, 101, ONE) == [Verdict(), *[BOTH_HIT] * 100]
    asked = [call.request.quotas["RequestCount"] for call in mixer.calls]
    assert [(quota.amount, quota.best_effort) for quota in asked] == [
        (1, False),
        *((amount, True) for amount in (10, 10, 14, 24, 40, 66)),
    ]
    assert counted(
        client,
        *("quota_cache_hits", "quota_cache_misses", "quota_cache_hit_accepts"),
        *("remote_quota_prefetch_calls", "remote_quota_accepts"),
    ) == {
        "quota_cache_hits": 100,
        "quota_cache_misses": 1,
        "quota_cache_hit_accepts": 100,
        "remote_quota_prefetch_calls": 6,
        "remote_quota_accepts": 7,
    }
    assert hold_invariants(client)


# CL6
def test_a_denial_is_cached_and_quota_is_not_looked_at():
    failed = Status(code=Code.FAILED_PRECONDITION, message="no")
    mixer = FakeMixer(lambda _: answer(9, "no", uses=100, quotas={"RequestCount": 1}))
    client = client_of(mixer)

    denied = Verdict(failed, check_cache_hit=True)
    assert checks(client, 11, ONE) == [Verdict(failed), *[denied] * 10]
    assert counted(
        client, "check_cache_hit_denies", "quota_calls", "remote_check_denies", "remote_calls"
    ) == {
        "check_cache_hit_denies": 10,
        "quota_calls": 1,
        "remote_check_denies": 1,
        "remote_calls": 1,
    }
    assert counted(client, "remote_quota_accepts") == {"remote_quota_accepts": 1}
    assert hold_invariants(client)


# CL7
def test_a_quota_that_mixer_could_not_look_at_lets_pass():
    response = answer(quotas={"RequestCount": 0})
    response.quotas["RequestCount"].status.code = Code.UNAVAILABLE
    client = client_of(FakeMixer(lambda _: response))

    assert client.check(HERE, ONE) == Verdict()
    assert hold_invariants(client)


# G2, and G4 for the text
def test_verdicts_say_which_cache_they_came_from():
    def respond(request):
        return answer(quotas=dict.fromkeys(request.quotas, 0))

    exhausted = Status(code=Code.RESOURCE_EXHAUSTED, message="Quota is exhausted for: RequestCount")
    cached = client_of(FakeMixer(respond))
    assert checks(cached, 3, ONE) == [
        Verdict(exhausted),
        BOTH_HIT,  # the first request on a new pool passes
        Verdict(exhausted, check_cache_hit=True, quota_cache_hit=True),
    ]
    uncached = client_of(FakeMixer(respond), quota_cache_entries=0)
    assert checks(uncached, 2, ONE) == [
        Verdict(exhausted),
        Verdict(exhausted, check_cache_hit=True),
    ]
    assert hold_invariants(cached)
    assert hold_invariants(uncached)


def test_what_the_policy_wants_done_is_told_with_quota_too():
    def respond(request):
        response = granting(request)
        response.precondition.route_directive.direct_response_code = 302
        return response

    client = client_of(FakeMixer(respond))
    directives = [verdict.directive for verdict in checks(client, 3, ONE)]

    assert [directive.direct_response_code for directive in directives] == [302] * 3


# ADD
def test_nobody_waits_for_a_prefetch():
    mixer = FakeMixer(granting)
    client = client_of(mixer)
    client.check(HERE, ONE)
    mixer.respond = None  # from now on calls hang

    assert client.begin_check(HERE, ONE) == BOTH_HIT
    assert len(mixer.calls) == 2
    assert mixer.last.quotas["RequestCount"].best_effort

    mixer.calls[-1].end(granting(mixer.last))
    assert hold_invariants(client)


# ADD
def test_each_check_has_an_id_of_its_own():
    mixer = FakeMixer(lambda _: answer(uses=0))
    for client in (client_of(mixer), client_of(mixer)):
        checks(client, 5)

    assert len({call.request.deduplication_id for call in mixer.calls}) == 10


def test_a_prefetch_that_was_denied_gives_no_free_tokens():
    mixer = FakeMixer(granting)
    client = client_of(mixer)
    client.check(HERE, ONE)
    mixer.respond = lambda _: answer(7, "no longer", uses=100)

    # The first one passes by the old answer, and brings the new one.
    assert [verdict.status.code for verdict in checks(client, 3, ONE)] == [0, 7, 7]
    assert hold_invariants(client)


@pytest.mark.parametrize("quotas", [(), ONE])
def test_what_the_caller_changes_later_does_not_matter(quotas):
    mixer = FakeMixer()
    client = client_of(mixer)
    attributes = {"source.name": "here", "request.headers": {"a": "b"}}
    begun = client.begin_check(attributes, quotas)
    follower = client.begin_check(attributes, quotas)

    attributes["request.headers"]["a"] = "c"
    attributes["source.name"] = "there"
    for call in mixer.calls:
        call.end(answer(by=["source.name"], quotas=dict.fromkeys(call.request.quotas, 1)))

    assert begun.result() == follower.result() == Verdict()
    assert client.check({"source.name": "here"}) == HIT


def test_what_is_changed_after_a_prefetch_does_not_matter():
    mixer = FakeMixer(lambda _: answer(by=["source.name"], quotas={"RequestCount": 1}))
    client = client_of(mixer)
    attributes = dict(HERE)
    client.check(attributes, ONE)
    mixer.respond = None
    client.check(attributes, ONE)

    attributes["source.name"] = "there"
    mixer.calls[-1].end(answer(7, by=["source.name"], quotas={"RequestCount": 10}))

    assert client.check(HERE).status.code == Code.PERMISSION_DENIED


@pytest.mark.parametrize("quotas", [(), ONE])
def test_attributes_that_cannot_be_sent_are_an_error_of_the_caller(quotas):
    mixer = FakeMixer(granting)
    client = client_of(mixer)
    with pytest.raises(TypeError):
        client.check({"source.name": object()}, quotas)

    assert mixer.calls == []
    assert client.check(HERE, quotas) == Verdict()  # nobody is waited for in vain


def test_a_prefetch_that_cannot_be_sent_leaves_no_tokens_behind():
    mixer = FakeMixer(granting)
    client = client_of(mixer)
    client.check(HERE, ONE)
    for _ in range(20):
        with pytest.raises(TypeError):
            client.check({"source.uid": object()}, ONE)

    assert client.check(HERE, ONE).status.code == Code.RESOURCE_EXHAUSTED


@pytest.mark.parametrize(
    ("code", "text", "word_count"),
    [
        (Code.INTERNAL, "inconsistent global dictionary versions used: mixer knows 150 words", 150),
        (Code.INVALID_ARGUMENT, "Request could not be processed due to invalid words", 111),
    ],
)
def test_a_server_that_knows_fewer_words_is_told_fewer(code, text, word_count):
    def respond(request):
        if request.global_word_count > word_count:
            return RefusedError(code, text)
        return answer(uses=0)

    mixer = FakeMixer(respond)
    client = client_of(mixer, retries=RetryOptions(max_count=3))
    attributes = {"source.name": "here", "context.proxy_version": "1"}

    assert client.check(attributes) == client.check(attributes) == Verdict()
    counts = [call.request.global_word_count for call in mixer.calls]
    assert counts == [222, word_count, word_count]
    own = [set(call.request.attributes.words) for call in mixer.calls]
    assert ("context.proxy_version" in own[0], "context.proxy_version" in own[1]) == (False, True)
    ids = [call.request.deduplication_id for call in mixer.calls]
    assert ids[0] == ids[1] != ids[2]
    assert counted(client, "remote_call_retries", "remote_call_other_errors") == {
        "remote_call_retries": 1,
        "remote_call_other_errors": 1,
    }
    assert hold_invariants(client)


def test_a_server_that_wants_ever_fewer_words_is_not_asked_for_ever():
    def respond(request):
        known = request.global_word_count - 1
        text = f"inconsistent global dictionary versions used: mixer knows {known} words"
        return RefusedError(Code.INTERNAL, text)

    mixer = FakeMixer(respond)
    client = client_of(mixer)

    assert client.check(HERE).status.code == Code.INTERNAL
    assert len(mixer.calls) == 2
    assert hold_invariants(client)


def test_an_answer_without_a_verdict_denies():
    client = client_of(FakeMixer(lambda _: CheckResponse()))

    assert client.check(HERE).status.code == Code.INVALID_ARGUMENT
    assert hold_invariants(client)
