"""An arm that does not do its work, in whole or in part, can't prove that it has.

Each is broken in a way that lets requests pass, so that a client notices nothing but the verdicts.
"""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace

import pytest

from benchmarks.arm import Place, Running
from benchmarks.arms import direct, envoy, lua, mixer_client, native, noop_ext_authz, wasm_policy
from benchmarks.placing.ext_authz import guard_by_envoy
from benchmarks.placing.guard import run
from benchmarks.placing.mixer_client import guard_by_client
from benchmarks.placing.mixer_process import start_mixer
from benchmarks.placing.noop_ext_authz import start_noop
from mixer.envoy.bootstrap import grpc_cluster
from tests.benchmarks.arms.asking import failing, place_in, send_some

pytestmark = pytest.mark.envoy

PATIENCE_S = 0.2
NOWHERE = "127.0.0.1:1"


@pytest.fixture(scope="module")
def mixer(scenarios, upstream, tmp_path_factory):
    """One for all: it is the difference that counts."""
    with ExitStack() as stack:
        place = place_in(tmp_path_factory.mktemp("mixer"), upstream)
        yield start_mixer(scenarios["telemetry"], place, stack)


@pytest.fixture
def fails(scenarios, place, stack):
    """Which claims don't hold for a guard, with 50 requests of the scenario."""

    def ask(guard, scenario="telemetry"):
        running = run(guard, place, stack, PATIENCE_S)
        return failing(running.prove(send_some(running.address, scenarios[scenario].kinds)))

    return ask


def without_filters(guard):
    return replace(guard, proxy=replace(guard.proxy, filters=(), access_log=()))


def changed(guard, index, **fields):
    """One of the filters has other settings."""
    filters = list(guard.proxy.filters)
    settings = {**filters[index]["typed_config"], **fields}
    filters[index] = {**filters[index], "typed_config": settings}
    return replace(guard, proxy=replace(guard.proxy, filters=tuple(filters)))


def calling_nobody(guard):
    """Its cluster is one where nobody answers."""
    clusters = tuple(grpc_cluster(one["name"], NOWHERE) for one in guard.proxy.clusters)
    return replace(guard, proxy=replace(guard.proxy, clusters=clusters))


STARTED: dict[str, Callable[[Place, ExitStack], Running]] = {
    "direct": lambda place, _: direct.running(place, PATIENCE_S),
    "envoy": lambda place, stack: run(envoy.GUARD, place, stack, PATIENCE_S),
}


@pytest.mark.parametrize("name", STARTED)
def test_requests_that_come_to_another_upstream(name, scenarios, upstream, place, stack):
    astray = replace(place, upstream=upstream.address("other"))
    running = STARTED[name](astray, stack)
    sent = send_some(running.address, scenarios["access"].kinds)
    assert failing(running.prove(sent)) == ["upstream: requests received"]


def test_native_filters_left_out(fails, scenarios, place):
    assert fails(without_filters(native.guard(scenarios["telemetry"], place))) == [
        "RBAC: requests allowed",
        "rate limit: requests within",
        "rate limit: requests seen",
        "Envoy: requests in its metrics",
        "Envoy: lines in its log",
    ]


def test_rbac_that_only_notes_what_it_would_deny(fails, scenarios, place):
    guard = native.guard(scenarios["telemetry"], place)
    rules = guard.proxy.filters[0]["typed_config"]["rules"]
    shadow = changed(guard, 0, rules=None, shadow_rules=rules)
    assert fails(shadow) == ["RBAC: requests allowed"]


def test_lua_left_out(fails, scenarios):
    guard = without_filters(lua.guard(scenarios["access-quota"]))
    assert fails(guard, "access-quota") == ["Lua: runs of the script"]


def test_a_script_that_raises(fails, scenarios):
    source = {"inline_string": 'function envoy_on_request() error("broken") end'}
    guard = changed(lua.guard(scenarios["access-quota"]), 0, default_source_code=source)
    assert fails(guard, "access-quota") == ["Lua: errors"]


@pytest.mark.parametrize(
    ("scenario", "failing_claims"),
    [
        ("access", ["policy filter: requests decided"]),
        (
            "telemetry",
            [
                "policy filter: requests decided",
                "policy filter: requests in its metrics",
                "policy filter: lines in its log",
            ],
        ),
    ],
)
def test_policy_filter_left_out(scenario, failing_claims, fails, scenarios):
    guard = without_filters(wasm_policy.guard(scenarios[scenario]))
    assert fails(guard, scenario) == failing_claims


CLIENT_DOES_NOTHING = [
    "client: requests checked",
    "client: answered from the cache, by Mixer, and together with others",
    "client: quotas asked for",
    "client: requests reported",
    "Mixer: requests in its metrics",
    "Mixer: lines in its log",
]


def test_mixers_client_left_out(fails, scenarios, mixer):
    guard = guard_by_client(scenarios["telemetry"], mixer_client.CACHING, mixer)
    assert fails(without_filters(guard)) == CLIENT_DOES_NOTHING


def test_mixers_client_that_reaches_no_mixer_and_fails_open(fails, scenarios, mixer):
    guard = guard_by_client(scenarios["telemetry"], mixer_client.CACHING, mixer)
    (part,) = guard.proxy.filters
    config = part["typed_config"]["config"]
    told = config["configuration"]
    text = told["value"].replace("FAIL_CLOSE", "FAIL_OPEN")
    opened = changed(guard, 0, config={**config, "configuration": {**told, "value": text}})
    assert fails(calling_nobody(opened)) == [
        "client: failures",
        "Mixer: requests in its metrics",
        "Mixer: lines in its log",
    ]


NOT_AUTHORIZED = ["ext_authz: requests allowed", "Mixer: Checks answered"]
NOT_LIMITED = ["Mixer: rate limits answered"]
NOT_LOGGED = ["Envoy: entries sent", "Mixer: entries reported"]
NOT_IN_POLICY = [
    "Mixer: look-ups in its list",
    "Mixer: requests in its metrics",
    "Mixer: lines in its log",
]


def test_ext_authz_left_out(fails, scenarios, mixer):
    guard = guard_by_envoy(scenarios["telemetry"], mixer)
    assert fails(without_filters(guard)) == [
        *NOT_AUTHORIZED,
        *NOT_LIMITED,
        *NOT_LOGGED,
        *NOT_IN_POLICY,
    ]


def test_ext_authz_that_reaches_no_mixer_and_fails_open(fails, scenarios, mixer):
    guard = guard_by_envoy(scenarios["telemetry"], mixer)
    opened = changed(guard, 0, failure_mode_allow=True)
    opened = changed(opened, 1, failure_mode_deny=False)
    assert fails(calling_nobody(opened)) == [
        *("ext_authz: requests allowed", "ext_authz: failures", "Mixer: Checks answered"),
        *NOT_LIMITED,
        "Mixer: entries reported",
        *NOT_IN_POLICY,
    ]


def test_rate_limits_that_nobody_is_asked_about(fails, scenarios, mixer):
    guard = guard_by_envoy(scenarios["access-quota"], mixer)
    check, _ = guard.proxy.filters
    lax = replace(guard, proxy=replace(guard.proxy, filters=(check,)))
    assert fails(lax, "access-quota") == NOT_LIMITED


def test_noop_service_left_out_or_out_of_reach(fails, tmp_path, upstream, stack):
    service = start_noop(place_in(tmp_path / "noop", upstream), stack)
    guard = noop_ext_authz.guard(service)
    asked = "service: Checks answered"
    assert fails(without_filters(guard)) == ["ext_authz: requests allowed", asked]
    opened = changed(guard, 0, failure_mode_allow=True)
    unreached = ["ext_authz: requests allowed", "ext_authz: failures", asked]
    assert fails(calling_nobody(opened)) == unreached
