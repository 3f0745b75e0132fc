"""The real Envoy limits requests by itself, with what a Mixer assigns to it.

Envoy 1.40 reports when a bucket is new, and then every 5 s.
"""

import time

import pytest

from mixer.envoy.bootstrap import bootstrap, cluster, grpc_cluster, http_listener, route
from mixer.envoy.filters import rate_limit_quota
from tests.e2e.http_message import Connection
from tests.integration.documents import handler, instance, rule
from tests.patience import SOON_S

pytestmark = pytest.mark.envoy

SETTINGS = "envoy.extensions.filters.http.rate_limit_quota.v3.RateLimitQuotaBucketSettings"
TYPES = "type.googleapis.com/"
DENY_ALL = {"fallback_rate_limit": {"blanket_rule": "DENY_ALL"}}


def header(name):
    """What a matcher reads."""
    kind = f"{TYPES}envoy.type.matcher.v3.HttpRequestHeaderMatchInput"
    return {"name": name, "typed_config": {"@type": kind, "header_name": name}}


def buckets(**settings):
    """One bucket for each user; requests without a user are not counted."""
    entry = {"custom_value": header("x-user")}
    action = {
        "@type": f"{TYPES}{SETTINGS}",
        "bucket_id_builder": {"bucket_id_builder": {"source.name": entry}},
        "reporting_interval": "1s",
        **settings,
    }
    has_user = {
        "input": header("x-user"),
        "value_match": {"safe_regex": {"google_re2": {}, "regex": ".+"}},
    }
    matcher = {
        "predicate": {"single_predicate": has_user},
        "on_match": {"action": {"name": "by-user", "typed_config": action}},
    }
    return {"matcher_list": {"matchers": [matcher]}}


def limits(max_amount, valid_duration):
    """All users share a quota, but for `free`."""
    limit = {
        "name": "calls.instance.istio-system",
        "maxAmount": max_amount,
        "validDuration": valid_duration,
    }
    return (
        handler("limits", "memquota", quotas=[limit]),
        instance("calls", "quota"),
        rule("calls", ("limits", "calls"), match='source.name != "free"'),
    )


@pytest.fixture
def serve(start_mixer, start_envoy, upstream):
    """Connections to Envoys, each with a Mixer's address or documents for a new one."""
    connections = []

    def start(mixer, **settings):
        matchers = buckets(no_assignment_behavior=DENY_ALL, **settings)
        quotas = rate_limit_quota("mixer", "edge", matchers)
        listener = http_listener([quotas], [route("upstream")])
        clusters = [grpc_cluster("mixer", mixer), cluster("upstream", upstream.address)]
        envoy = start_envoy(bootstrap([listener], clusters))
        connections.append(Connection(envoy.addresses["http"]))
        return connections[-1]

    yield start
    for connection in connections:
        connection.socket.close()


def statuses(connection, count, user="ann"):
    return [connection.send("/", [("x-user", user)]).status for _ in range(count)]


def passed(connection, count, user="ann"):
    """How many of so many requests passed; the others were over the limit."""
    found = statuses(connection, count, user)
    assert set(found) <= {200, 429}
    return found.count(200)


def assigned(connection, user="ann"):
    """Waits until something is assigned, with requests that are refused up to then."""
    deadline = time.monotonic() + SOON_S
    while not passed(connection, 1, user):
        assert time.monotonic() < deadline, "nothing was assigned"
        time.sleep(0.02)


def test_a_new_bucket_is_assigned_its_share_at_once_and_no_request_more_passes(serve, start_mixer):
    envoy = serve(start_mixer(*limits(240, "60s")).address)
    assigned(envoy)
    assert 1 + passed(envoy, 60) == 30  # an eighth


def test_a_bucket_gets_what_it_was_asked_for_and_all_together_what_there_is(serve, start_mixer):
    mixer = start_mixer(*limits(100, "60s")).address
    envoys = [serve(mixer), serve(mixer)]
    total = 0
    for envoy in envoys:
        assigned(envoy)
        total += 1 + passed(envoy, 100)
    assert total == 12 + 11  # an eighth of 100, and of the 88 that are left
    deadline = time.monotonic() + SOON_S
    while total < 100 and time.monotonic() < deadline:
        total += sum(passed(envoy, 10) for envoy in envoys)
        time.sleep(0.1)
    time.sleep(5.5)  # one more report each
    assert total + sum(passed(envoy, 50) for envoy in envoys) == 100


def test_windows_follow_one_another_with_no_more_than_the_limit_in_any(serve, start_mixer):
    envoy = serve(start_mixer(*limits(40, "10s")).address)
    assigned(envoy)
    started, passes = time.monotonic(), [0.0]
    while len(passes) < 120 and time.monotonic() < started + 60:
        begun = time.monotonic() - started
        passes += [begun] * passed(envoy, 5)
        time.sleep(0.05)
    assert len(passes) >= 120, "what lapsed was not assigned again"
    # What is assigned is used up at once, but for a machine that stands still meanwhile.
    pauses = [later - early for early, later in zip(passes, passes[40:], strict=False)]
    assert min(pauses) > 10 - 2.5


def test_what_no_quota_matches_passes(serve, start_mixer):
    envoy = serve(start_mixer(*limits(10, "60s")).address)
    assigned(envoy, "free")
    assert passed(envoy, 100, "free") == 100


def test_requests_in_no_bucket_pass(serve, start_mixer):
    envoy = serve(start_mixer(*limits(0, "60s")).address)
    assert envoy.send().status == 200
