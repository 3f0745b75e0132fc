"""The policies that come with the project decide as their requests say, and vary as they are told."""

from collections import Counter

import pytest

from benchmarks.scenario import FRESH, NativePolicy, Workload
from benchmarks.scenarios import FACTORIES
from benchmarks.scenarios.adapter_delay import FILE
from mixer.adapter.registry import AdapterRegistry
from mixer.attribute.bag import MappingBag
from mixer.config.store import DirectoryStore
from mixer.dispatch.verdict import QuotaRequest
from mixer.runtime import Runtime, check_contents

WORKLOAD = Workload(rule_count=4, attribute_count=10, hit_share=0.5)


@pytest.fixture
def made(tmp_path):
    """Makes the scenario of a name."""
    return lambda name, workload=WORKLOAD: FACTORIES[name](workload, tmp_path)


@pytest.mark.parametrize("name", FACTORIES)
def test_mixer_decides_as_the_requests_say(name, made):
    scenario = made(name)
    runtime = Runtime(AdapterRegistry())
    runtime.apply(DirectoryStore(scenario.config).read())
    try:
        verdicts = [verdict(runtime, scenario, kind) for kind in scenario.kinds]
    finally:
        runtime.close()
    assert verdicts == [kind.status for kind in scenario.kinds]


def verdict(runtime, scenario, kind):
    bag = MappingBag(
        {
            "request.headers": dict(kind.headers),
            "request.url_path": kind.path.partition("?")[0],
            **scenario.fixed_attributes,
        }
    )
    quotas = [QuotaRequest(name, 1) for name in scenario.quotas]
    answer = runtime.dispatcher.check(bag, quotas)
    if answer.status.code:
        return 403 if answer.status.code == 7 else 500
    return 200 if all(granted.amount == 1 for granted in answer.quotas.values()) else 429


def test_scenarios_differ_in_quota_and_telemetry(made):
    made_of = {name: made(name) for name in FACTORIES}
    paths = tuple(f"/denied/{number}" for number in range(4))
    users = tuple(f"denied-user-{number}" for number in range(10))
    assert {name: one.native for name, one in made_of.items()} == {
        "access": NativePolicy(denied_users=users, denied_paths=paths),
        "access-quota": NativePolicy(denied_users=users, denied_paths=paths, quota_per_s=1_000_000),
        "telemetry": NativePolicy(
            denied_users=users, denied_paths=paths, quota_per_s=1_000_000, has_telemetry=True
        ),
    }
    assert [one.name for one in made_of.values()] == list(FACTORIES)
    assert [one.quotas for one in made_of.values()] == [(), ("requests",), ("requests",)]
    assert [one.has_telemetry for one in made_of.values()] == [False, False, True]


def shares(scenario, of):
    """By what `of` says of a kind, the share of the requests."""
    weights = Counter()
    for kind in scenario.kinds:
        weights[of(kind)] += kind.weight
    total = sum(weights.values())
    return {name: weight / total for name, weight in weights.items()}


def is_fresh(kind):
    return any(FRESH in value for _, value in kind.headers)


def why_denied(kind):
    if kind.status == 200:
        return "allowed"
    return "path" if kind.path.startswith("/denied/") else "user"


@pytest.mark.parametrize("hit_share", [0.5, 0.8, 0.95, 0.99])
def test_as_many_requests_are_fresh_as_no_cache_may_answer(hit_share, made):
    scenario = made("access", Workload(hit_share=hit_share))
    assert shares(scenario, is_fresh)[True] == pytest.approx(1 - hit_share)


@pytest.mark.parametrize(("hit_share", "is_any_fresh"), [(0.0, True), (1.0, False)])
def test_requests_may_be_all_fresh_or_none(hit_share, is_any_fresh, made):
    scenario = made("access", Workload(hit_share=hit_share))
    assert {is_fresh(kind) for kind in scenario.kinds} == {is_any_fresh}


def test_one_in_ten_is_denied(made):
    scenario = made("access", Workload(hit_share=1.0))
    assert shares(scenario, why_denied) == pytest.approx(
        {"allowed": 0.9, "user": 0.05, "path": 0.05}
    )


def test_of_fresh_requests_one_in_twenty_is_denied(made):
    scenario = made("access", Workload(hit_share=0.0))
    assert shares(scenario, why_denied) == pytest.approx({"allowed": 0.95, "path": 0.05})


@pytest.mark.parametrize("attribute_count", [10, 25, 60])
def test_requests_have_as_many_headers_as_they_are_told(attribute_count, made):
    scenario = made("access", Workload(attribute_count=attribute_count))
    assert {len(dict(kind.headers)) for kind in scenario.kinds} == {attribute_count}


@pytest.mark.parametrize("rule_count", [1, 2, 100])
def test_each_denied_path_is_a_rule(rule_count, made):
    scenario = made("access", Workload(rule_count=rule_count))
    snapshot = check_contents(DirectoryStore(scenario.config).read(), AdapterRegistry())
    assert snapshot.errors == ()
    names = [rule.place for rule in snapshot.rules]
    assert names == [
        *(f"rule/istio-system/deny-path-{number:05}" for number in range(rule_count)),
        "rule/istio-system/deny-users",
    ]


def test_a_slow_adapter_stands_in_a_file_of_its_own(made, tmp_path):
    made("access")
    assert not (tmp_path / FILE).exists()
    made("access", Workload(adapter_delay_ms=2.5))
    assert '"duration": "0.002500s"' in (tmp_path / FILE).read_text()
