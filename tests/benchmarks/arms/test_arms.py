"""Every arm decides as the policy says, and can prove that it has."""

import pytest

from benchmarks.arms import all_arms
from benchmarks.scenario import RequestKind, Scenario
from tests.benchmarks.arms.asking import REQUEST_COUNT, send_some, statuses
from tests.benchmarks.arms.conftest import WORKLOAD

ARMS = {arm.name: arm for arm in all_arms()}


def test_arms_are_found_in_the_order_of_tables():
    assert list(ARMS) == [
        "direct",
        "envoy",
        "native",
        "lua",
        "wasm-policy",
        "mixer-client",
        "mixer-client-plain",
        "ext-authz",
        "ext-authz-unix",
        "noop-ext-authz",
    ]
    assert [arm.color_order for arm in ARMS.values()] == list(range(len(ARMS)))


def test_arms_say_who_calls_a_mixer_and_who_keeps_its_verdicts():
    calling = {name for name, arm in ARMS.items() if arm.calls_mixer}
    assert calling == {"mixer-client", "mixer-client-plain", "ext-authz", "ext-authz-unix"}
    assert [name for name, arm in ARMS.items() if arm.keeps_verdicts] == ["mixer-client"]


@pytest.mark.envoy
@pytest.mark.parametrize("name", ARMS)
def test_an_arm_answers_as_the_policy_says_and_proves_it(name, scenarios, place, stack):
    arm = ARMS[name]
    scenario = scenarios["access-quota" if name == "lua" else "telemetry"]
    running = arm.start(scenario, WORKLOAD, place, stack)

    sent = send_some(running.address, scenario.kinds)
    claims = running.prove(sent)

    assert [claim for claim in claims if not claim.holds] == []
    assert sent.count == REQUEST_COUNT
    wanted = [kind.status if arm.has_policy else 200 for kind in scenario.kinds]
    assert statuses(running.address, scenario.kinds) == wanted
    assert (running.policy_calls() > 0) == bool({"mixer", "noop"} & set(running.processes))


def test_who_has_no_place_for_a_policy_says_why(scenarios, tmp_path):
    own = Scenario(
        name="own",
        title="Own",
        config=tmp_path,
        kinds=[RequestKind(path="/")],
        fixed_attributes={},
    )
    asked = {"telemetry": scenarios["telemetry"], "own": own}
    refusals = {
        f"{name}/{arm.name}": why
        for name, scenario in asked.items()
        for arm in ARMS.values()
        if (why := arm.refuses(scenario)) is not None
    }
    assert refusals == {
        "telemetry/lua": "scripts in Lua have no means to export metrics",
        "own/native": "nobody has translated this policy for Envoy's own filters",
        "own/lua": "nobody has translated this policy to Lua",
    }
