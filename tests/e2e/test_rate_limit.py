"""The real Envoy asks a Mixer for quota before it passes a request on."""

import time
from contextlib import ExitStack

import pytest

from mixer.adapter import QuotaResult
from mixer.envoy.bootstrap import bootstrap, cluster, grpc_cluster, http_listener, route
from mixer.envoy.filters import rate_limit
from mixer.envoy.part import typed
from tests.e2e.http_message import Connection
from tests.integration.documents import handler, instance, rule
from tests.integration.spy import Spy, runtime_of
from tests.integration.wire import transport_of

pytestmark = pytest.mark.envoy

BY_USER = {"request_headers": {"header_name": "x-user", "descriptor_key": "source.name"}}


def limits(max_amount, valid_duration):
    """Each user has a quota."""
    limit = {
        "name": "calls.instance.istio-system",
        "maxAmount": max_amount,
        "validDuration": valid_duration,
    }
    return (
        handler("limits", "memquota", quotas=[limit]),
        instance("calls", "quota", dimensions={"user": "source.name"}),
        rule("calls", ("limits", "calls")),
    )


def front(mixer, upstream, *rate_limits, plan=None, **fields):
    """An Envoy that asks the Mixer; each rate limit is its actions and more fields.

    `plan`, a unit and a number, is put into the request's metadata.
    """
    limits = [{"actions": actions, **more} for actions, more in rate_limits]
    filters = [rate_limit("mixer", "edge", **fields)]
    if plan:
        value = {"limit": {"unit": plan[0], "requests_per_unit": plan[1]}}
        metadata = [{"metadata_namespace": "plan", "value": value}]
        kind = "envoy.extensions.filters.http.set_metadata.v3.Config"
        filters.insert(0, typed("envoy.filters.http.set_metadata", kind, metadata=metadata))
    listener = http_listener(filters, [route("upstream", rate_limits=limits)])
    return bootstrap([listener], [grpc_cluster("mixer", mixer), cluster("upstream", upstream)])


@pytest.fixture
def serve(start_mixer, start_envoy, upstream):
    """A connection to an Envoy that asks a Mixer with these documents."""
    connections = []

    def start(documents, *rate_limits, **fields):
        mixer = start_mixer(*documents).address
        envoy = start_envoy(front(mixer, upstream.address, *rate_limits, **fields))
        connections.append(Connection(envoy.addresses["http"]))
        return connections[-1]

    yield start
    for connection in connections:
        connection.socket.close()


@pytest.fixture
def serve_spy(start_envoy, upstream, tmp_path):
    """A connection to an Envoy whose Mixer has one quota, `calls`, that a spy answers."""

    def start(spy, *rate_limits, **fields):
        documents = (handler("h"), instance("calls", "quota"), rule("r", ("h", "calls")))
        stack.enter_context(transport_of(runtime_of(spy, *documents), tmp_path, worker_threads=2))
        envoy = start_envoy(
            front(f"unix:{tmp_path}/mixer.sock", upstream.address, *rate_limits, **fields)
        )
        return stack.enter_context(Connection(envoy.addresses["http"]))

    with ExitStack() as stack:
        yield start


def test_each_window_lets_pass_exactly_as_many_as_the_limit(serve):
    envoy = serve(limits(20, "3s"), ([BY_USER], {}))
    passed = []
    for _ in range(3):
        answers = [envoy.send("/", [("x-user", "ann")]) for _ in range(60)]
        passed.append(sum(answer.status == 200 for answer in answers))
        left = [answer.header("ratelimit-remaining") for answer in answers[:20]]
        assert left == [[str(19 - number)] for number in range(20)]
        time.sleep(float(answers[-1].header("ratelimit-reset")[0]) + 0.1)
    assert passed == [20, 20, 20]


def test_who_is_over_the_limit_hears_of_it_and_others_pass(serve):
    envoy = serve(limits(2, "60s"), ([BY_USER], {}))
    answers = [envoy.send("/", [("x-user", user)]) for user in ("ann", "ann", "ann", "bob")]
    assert [answer.status for answer in answers] == [200, 200, 429, 200]
    told = [
        [answer.header(f"ratelimit-{name}") for name in ("limit", "remaining", "reset")]
        for answer in answers
    ]
    assert told == [[["2, 2;w=60"], [left], ["60"]] for left in ("1", "0", "0", "1")]
    assert answers[2].header("x-envoy-ratelimited") == ["true"]


def test_envoys_own_headers_are_made_of_the_statuses_and_double_nothing(serve):
    envoy = serve(limits(2, "60s"), ([BY_USER], {}), enable_x_ratelimit_headers="DRAFT_VERSION_03")
    answer = envoy.send("/", [("x-user", "ann")])
    names = ("limit", "remaining", "reset")
    assert [answer.header(f"x-ratelimit-{name}") for name in names] == [
        ['2, 2;w=60;name="calls"'],
        ["1"],
        ["59"],  # cut off where ours is rounded up
    ]
    assert [answer.header(f"ratelimit-{name}") for name in names] == [["2, 2;w=60"], ["1"], ["60"]]


def test_without_a_descriptor_the_mixer_is_not_asked(serve):
    envoy = serve(limits(1, "60s"), ([BY_USER], {}))
    answers = [envoy.send("/") for _ in range(3)]
    assert [answer.status for answer in answers] == [200, 200, 200]
    assert answers[0].header("ratelimit-limit") == []


def test_a_request_may_cost_more_than_one(serve):
    # Envoy 1.40 heeds hits_addend in the filter's own rate limits, and not in those of routes.
    costly = [{"actions": [BY_USER], "hits_addend": {"number": 3}}]
    envoy = serve(limits(10, "60s"), rate_limits=costly)
    answers = [envoy.send("/", [("x-user", "ann")]) for _ in range(4)]
    assert [answer.status for answer in answers] == [200, 200, 200, 429]
    left = [answer.header("ratelimit-remaining") for answer in answers]
    assert left == [["7"], ["4"], ["1"], ["1"]]


def test_a_request_may_cost_nothing_and_just_look(serve):
    looking = [{"actions": [BY_USER], "hits_addend": {"number": 0}}]
    envoy = serve(limits(1, "60s"), rate_limits=looking)
    answers = [envoy.send("/", [("x-user", "ann")]) for _ in range(3)]
    assert [answer.status for answer in answers] == [200, 200, 200]
    assert [answer.header("ratelimit-remaining") for answer in answers] == [["1"]] * 3


def test_a_limit_in_dynamic_metadata_takes_the_place_of_the_configured_one(serve):
    override = {"dynamic_metadata": {"metadata_key": {"key": "plan", "path": [{"key": "limit"}]}}}
    envoy = serve(limits(1, "60s"), ([BY_USER], {"limit": override}), plan=("HOUR", 3))
    answers = [envoy.send("/", [("x-user", "ann")]) for _ in range(4)]
    assert [answer.status for answer in answers] == [200, 200, 200, 429]
    assert answers[0].header("ratelimit-limit") == ["3, 3;w=3600"]


def test_a_descriptor_names_its_quota_and_a_header_its_namespace(serve):
    named = {"generic_key": {"descriptor_key": "quota", "descriptor_value": "calls"}}
    other = {"generic_key": {"descriptor_key": "quota", "descriptor_value": "none"}}
    only_named = serve(limits(1, "60s"), ([BY_USER, named], {}), ([BY_USER, other], {}))
    statuses = [only_named.send("/", [("x-user", "ann")]).status for _ in range(2)]
    assert statuses == [200, 429]


def test_the_address_of_the_client_is_an_attribute(serve):
    limit = {"name": "calls.instance.istio-system", "maxAmount": 1, "validDuration": "60s"}
    documents = (
        handler("limits", "memquota", quotas=[limit]),
        instance("calls", "quota"),
        rule("calls", ("limits", "calls"), match='source.ip == ip("127.0.0.1")'),
    )
    envoy = serve(documents, ([{"remote_address": {}}], {}))
    assert [envoy.send().status for _ in range(2)] == [200, 429]


@pytest.mark.parametrize(("deny", "status"), [(False, 200), (True, 500)])
def test_a_broken_mixer_lets_pass_or_not_as_the_filter_says(serve_spy, deny, status):
    spy = Spy(answers={"h.istio-system": ValueError("broken")})
    envoy = serve_spy(spy, ([BY_USER], {}), failure_mode_deny=deny)
    assert envoy.send("/", [("x-user", "ann")]).status == status
    assert len(spy.calls) == 1


def test_a_refusal_is_no_failure(serve_spy):
    spy = Spy(answers={"h.istio-system": QuotaResult()})
    envoy = serve_spy(spy, ([BY_USER], {}), failure_mode_deny=False)
    assert envoy.send("/", [("x-user", "ann")]).status == 429
