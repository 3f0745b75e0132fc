"""envoy.service.rate_limit_quota.v3: usage reports in, assignments out, on a time line."""

import pytest
from envoy.service.rate_limit_quota.v3.rlqs_pb2 import (
    RateLimitQuotaResponse,
    RateLimitQuotaUsageReports,
)
from google.protobuf.json_format import MessageToDict

from adapters.memquota import INFO, Params, Quota
from mixer.adapter import Duration, QuotaResult
from mixer.adapter.testing import FakeClock, start
from mixer.api import rate_limit_quota_v3
from mixer.api.mapping import MappedBag, readers
from mixer.api.rate_limit_quota_v3.attributes import ROWS
from mixer.api.rate_limit_quota_v3.buckets import Buckets
from mixer.api.rate_limit_v3.attributes import Descriptor
from mixer.errors import OverloadedError, RequestError
from tests.integration.documents import document, handler, instance, rule
from tests.integration.spy import Spy, runtime_of

DOCUMENTS = (
    handler("h"),
    instance("calls", "quota", dimensions={"user": 'source.name | ""'}),
    rule("calls", ("h", "calls"), match='source.name != "free"'),
)
DOMAIN = document(
    "attributemanifest", "envoy", {"attributes": {"ratelimit.domain": {"valueType": "STRING"}}}
)
DENY = "DENY_ALL"
ALLOW = "ALLOW_ALL"
ABANDON = "abandon"


class Server:
    """A Mixer with one quota, in which time passes when a test says so."""

    def __init__(self, memquota, clock):
        self.clock = clock
        self.spy = Spy(answers={"h.istio-system": memquota.handle_quota})
        self.runtime = runtime_of(self.spy, *DOCUMENTS)

    def envoy(self):
        return Envoy(self)


class Envoy:
    """One stream of reports."""

    def __init__(self, server, **options):
        self._server = server
        self.buckets = Buckets(server.clock.clock.monotonic, **options)

    def report(self, allowed, denied=0, elapsed_s=5, domain="edge", **entries):
        """What the bucket is told after that many requests; amounts as numbers."""
        usage = usage_of(allowed, denied, elapsed_s, entries or {"source.name": "a"})
        actions = self.buckets.answer(domain, usage, self._server.runtime.dispatcher)
        assert all(dict(a.bucket_id.bucket) == dict(usage.bucket_id.bucket) for a in actions)
        return [said(action) for action in actions]


def usage_of(allowed, denied, elapsed_s, entries):
    usage = RateLimitQuotaUsageReports.BucketQuotaUsage(
        num_requests_allowed=allowed, num_requests_denied=denied
    )
    usage.time_elapsed.seconds = elapsed_s
    usage.bucket_id.bucket.update({key.replace("__", "."): text for key, text in entries.items()})
    return usage


def said(action):
    if action.HasField("abandon_action"):
        return ABANDON
    assignment = action.quota_assignment_action
    assert assignment.assignment_time_to_live.seconds == 15
    strategy = assignment.rate_limit_strategy
    if strategy.WhichOneof("strategy") == "blanket_rule":
        return (ALLOW, DENY)[strategy.blanket_rule]
    # Nothing may come back by itself.
    bucket = strategy.token_bucket
    assert bucket.tokens_per_fill.value / bucket.fill_interval.seconds <= 1e-6
    return bucket.max_tokens


@pytest.fixture
def server_of():
    contexts = []

    def make(max_amount, valid_duration):
        clock = FakeClock()
        quota = Quota(
            name="calls.instance.istio-system",
            max_amount=max_amount,
            valid_duration=Duration.parse(valid_duration),
        )
        context = start(INFO, Params(quotas=(quota,)), clock=clock)
        contexts.append(context)
        return Server(context.__enter__(), clock)

    yield make
    for context in contexts:
        context.__exit__(None, None, None)


def taken(server):
    """What the handler was asked to take, without looks."""
    return [args.amount for _, args in server.spy.asked("h.istio-system") if args.amount]


def test_a_new_bucket_gets_a_share_of_what_is_left_and_pays_for_what_passed_before(server_of):
    server = server_of(800, "60s")
    assert server.envoy().report(1, elapsed_s=0) == [DENY, 100]  # an eighth of 800
    assert taken(server) == [101]
    assert server.envoy().report(0, elapsed_s=0) == [DENY, 87]  # an eighth of 699


def test_a_new_bucket_gets_ten_at_least(server_of):
    assert server_of(40, "60s").envoy().report(1, elapsed_s=0) == [DENY, 10]


def test_the_last_of_a_quota_goes_out_and_then_nothing_is_assigned(server_of):
    server = server_of(12, "60s")
    envoy = server.envoy()
    assert envoy.report(0) == [DENY, 10]
    server.clock.advance(5)
    assert envoy.report(10, 30) == [DENY, 2]
    server.clock.advance(5)
    assert envoy.report(2, 38) == [DENY]
    server.clock.advance(5)
    assert envoy.report(0, 40) == [DENY]


def test_what_is_enough_is_renewed_and_nothing_is_taken(server_of):
    server = server_of(80, "60s")
    envoy = server.envoy()
    assert envoy.report(0) == [DENY, 10]
    server.clock.advance(5)
    # the ten are Envoy's still: the same size again changes nothing there
    assert envoy.report(0) == [10]
    assert taken(server) == [10]


def test_what_is_held_is_topped_up_to_what_is_expected(server_of):
    server = server_of(80, "60s")
    envoy = server.envoy()
    envoy.report(0)
    server.clock.advance(5)
    assert envoy.report(4) == [DENY, 10]  # 6 are held
    server.clock.advance(5)
    assert envoy.report(10, 22) == [DENY, 32]
    assert taken(server) == [10, 4, 32]


# Requests, the time in which they came as Envoy reports it, and what is expected in 5 s.
DEMANDS = [
    (10, 5, 10),
    (40, 5, 40),
    (40, 4, 40),  # may have been almost 5 s
    (40, 1, 100),  # in 2 s at most
    (40, 0, 200),
    (40, 60, 40),
    (3, 5, 10),  # ten at least
]


@pytest.mark.parametrize(("requests", "elapsed_s", "expected"), DEMANDS)
def test_as_much_is_expected_as_was_asked_for_in_the_same_time(
    server_of, requests, elapsed_s, expected
):
    server = server_of(80, "60s")
    envoy = server.envoy()
    envoy.report(0)
    envoy.report(allowed := min(requests, 10), requests - allowed, elapsed_s)
    assert taken(server) == [10, expected - (10 - allowed)]


def test_what_lapses_before_the_next_report_is_taken_anew(server_of):
    server = server_of(80, "10s")
    envoy = server.envoy()
    assert envoy.report(0) == [DENY, 10]
    server.clock.advance(5)
    assert envoy.report(4) == [DENY, 10]  # 6 lapse at 10 s, when the next report comes; 4 at 15 s
    server.clock.advance(5)
    assert envoy.report(0) == [DENY, 10]  # of the 10 the 6 have lapsed
    assert taken(server) == [10, 4, 6]


def test_requests_that_passed_beyond_the_assignment_are_taken_from_the_quota(server_of):
    server = server_of(80, "60s")
    envoy = server.envoy()
    envoy.report(0)
    assert envoy.report(13) == [DENY, 13]
    assert taken(server) == [10, 16]  # 13 for the next, and 3 that had passed


def test_what_passed_and_was_not_to_be_had_is_forgotten(server_of):
    server = server_of(20, "10s")
    envoy = server.envoy()
    assert envoy.report(50) == [DENY]
    server.clock.advance(10)
    assert envoy.report(0, 10) == [DENY, 10]


def test_several_envoys_never_get_more_than_there_is(server_of):
    server = server_of(100, "10s")
    envoys = [server.envoy() for _ in range(3)]
    held = [0, 0, 0]
    passed = []
    for _ in range(6):  # three windows, two reports in each
        for number, envoy in enumerate(envoys):
            # all of what was assigned has been used, and much more was asked for
            actions = envoy.report(held[number], 200)
            assert actions[0] == DENY
            held[number] = sum(actions[1:])
        passed.append(sum(held))
        server.clock.advance(5)
    # Who reports first gets all that there is, and with it goes all of the window.
    assert passed == [100, 0, 100, 0, 100, 0]


def test_buckets_take_from_the_quota_of_their_own_dimensions(server_of):
    envoy = server_of(16, "60s").envoy()
    assert envoy.report(0, source__name="a") == [DENY, 10]
    assert envoy.report(0, source__name="b") == [DENY, 10]


def test_a_bucket_that_no_quota_matches_is_not_limited(server_of):
    server = server_of(16, "60s")
    envoy = server.envoy()
    assert envoy.report(100, source__name="free") == [ALLOW]
    assert envoy.report(100, source__name="free") == [ALLOW]
    assert envoy.report(100, source__name="a", quota="none") == [ALLOW]
    assert server.spy.calls == []


def test_a_bucket_that_is_limited_no_longer_begins_anew(server_of):
    server = server_of(16, "60s")
    envoy = server.envoy()
    assert envoy.report(0) == [DENY, 10]
    limited, server.runtime = server.runtime, runtime_of(Spy())
    assert envoy.report(10) == [ALLOW]
    server.runtime = limited
    assert envoy.report(500) == [DENY]  # the 500 have passed, and 6 were left


def test_a_handler_that_fails_says_nothing_and_costs_nothing(server_of):
    server = server_of(80, "60s")
    envoy = server.envoy()
    envoy.report(0)
    working = server.spy.answers["h.istio-system"]
    server.spy.answers["h.istio-system"] = ValueError("broken")
    assert envoy.report(10) == []
    server.spy.answers["h.istio-system"] = working
    assert envoy.report(2) == [DENY, 10]
    assert [args.amount for _, args in server.spy.asked("h.istio-system")] == [0, 10, 10, 12]


def test_a_bucket_without_requests_for_ten_minutes_is_abandoned(server_of):
    server = server_of(80, "10s")
    envoy = server.envoy()
    envoy.report(1)
    server.clock.advance(599)
    assert envoy.report(0) == [DENY, 10]
    assert envoy.report(1) == [DENY, 10]
    server.clock.advance(600)
    assert envoy.report(0) == [ABANDON]
    assert len(envoy.buckets) == 0


def test_of_too_many_buckets_the_one_used_longest_ago_is_forgotten(server_of):
    server = server_of(80, "60s")
    envoy = Envoy(server, max_count=2)
    for name in ("a", "b", "a", "c"):
        envoy.report(1, source__name=name)
    assert len(envoy.buckets) == 2
    server.spy.calls.clear()
    envoy.report(0, source__name="a")
    assert taken(server) == []  # still known: it has enough
    envoy.report(0, source__name="b")
    assert taken(server) == [10]


def test_a_counter_never_lapses(server_of):
    server = server_of(10, "0s")
    envoy = server.envoy()
    assert envoy.report(0) == [DENY, 10]
    server.clock.advance(500)
    assert envoy.report(0) == [10]


def test_a_handler_that_tells_no_state_gives_ten_at_first(server_of):
    server = server_of(80, "60s")
    server.spy.answers["h.istio-system"] = lambda _, args: QuotaResult(args.amount, 60.0)
    assert server.envoy().report(0) == [DENY, 10]


def messages(*reports):
    for domain, *usages in reports:
        message = RateLimitQuotaUsageReports(
            domain=domain, bucket_quota_usages=[usage_of(*usage) for usage in usages]
        )
        yield message.SerializeToString()


def converse(server, *reports, **options):
    replies = rate_limit_quota_v3.stream(
        messages(*reports), lambda: server.runtime.dispatcher, **options
    )
    for reply in replies:
        yield [
            (dict(action.bucket_id.bucket), said(action))
            for action in RateLimitQuotaResponse.FromString(reply).bucket_action
        ]


A, B = {"source.name": "a"}, {"source.name": "b"}


def test_each_message_is_answered_with_all_its_buckets(server_of):
    answers = converse(
        server_of(80, "60s"), ("edge", (1, 0, 0, A)), ("", (0, 0, 5, A), (2, 0, 0, B))
    )
    assert list(answers) == [[(A, DENY), (A, 10)], [(A, 10), (B, DENY), (B, 10)]]


def test_a_message_without_buckets_has_no_answer(server_of):
    assert list(converse(server_of(80, "60s"), ("edge",))) == []


def test_a_message_costs_as_much_as_it_has_buckets(server_of):
    costs = []
    list(converse(server_of(80, "60s"), ("edge", (1, 0, 0, A), (1, 0, 0, B)), admit=costs.append))
    assert costs == [2]

    def refuse(_cost):
        raise OverloadedError

    with pytest.raises(OverloadedError):
        list(converse(server_of(80, "60s"), ("edge", (1, 0, 0, A)), admit=refuse))


def test_bytes_that_are_no_report_end_the_stream(server_of):
    server = server_of(80, "60s")
    replies = rate_limit_quota_v3.stream(iter([b"\x0a\xff"]), lambda: server.runtime.dispatcher)
    with pytest.raises(RequestError, match="^error unmarshalling request: "):
        next(replies)


def test_the_domain_of_the_first_message_holds_for_all(server_of):
    server = server_of(80, "60s")
    by_domain = rule("calls", ("h", "calls"), match='ratelimit.domain == "edge"')
    server.runtime = runtime_of(server.spy, *DOCUMENTS[:2], by_domain, DOMAIN)
    answers = converse(server, ("edge", (1, 0, 0, A)), ("", (0, 0, 0, B)))
    assert list(answers) == [[(A, DENY), (A, 10)], [(B, DENY), (B, 10)]]


def test_the_attributes_are_those_of_descriptors():
    bag = MappedBag(Descriptor("edge", A), readers(*ROWS))
    assert [bag["ratelimit.domain"], bag["source.name"]] == ["edge", "a"]
    assert {row.path for row in ROWS} >= {"domain", "bucket_quota_usages.bucket_id.bucket"}


def test_the_wire_form_of_an_assignment(server_of):
    server = server_of(80, "60s")
    (reply,) = rate_limit_quota_v3.stream(
        messages(("edge", (1, 0, 0, A))), lambda: server.runtime.dispatcher
    )
    life = {"assignmentTimeToLive": "15s"}
    bucket = {"bucketId": {"bucket": A}}
    tokens = {"maxTokens": 10, "tokensPerFill": 1, "fillInterval": "1000000s"}
    assert MessageToDict(RateLimitQuotaResponse.FromString(reply))["bucketAction"] == [
        {**bucket, "quotaAssignmentAction": {**life, "rateLimitStrategy": {"blanketRule": DENY}}},
        {**bucket, "quotaAssignmentAction": {**life, "rateLimitStrategy": {"tokenBucket": tokens}}},
    ]
