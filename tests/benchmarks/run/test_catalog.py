from benchmarks.run.catalog import Catalog, field_of, wanted_arms
from benchmarks.run.plan import Able
from benchmarks.scenario import Workload
from tests.benchmarks.run.fakes import arm, scenario

ARMS = [arm("direct"), arm("envoy"), arm("lua", refuses=lambda s: f"no {s.title} in Lua")]


def test_a_scenario_is_made_once_for_each_workload(tmp_path):
    catalog = Catalog(tmp_path)
    one = catalog.get("access", Workload())
    other = catalog.get("access", Workload(rule_count=1))
    assert catalog.get("access", Workload()) is one
    assert one.config != other.config
    assert len(one.native.denied_paths) == 10
    assert len(other.native.denied_paths) == 1


def test_the_readers_own_policy_is_as_it_is(tmp_path):
    own = scenario("own")
    assert Catalog(tmp_path, own).get("own", Workload(rule_count=1)) is own


def test_who_refuses_a_scenario_is_left_out_and_says_why():
    found = field_of([scenario("access"), scenario("own")], ARMS)
    assert found.refusals == {
        "access/lua": "no Access in Lua",
        "own/lua": "no Own in Lua",
    }
    assert found.titles == {"access": "Access", "own": "Own"}
    assert found.able == [
        Able(scenario="access", arms=tuple(ARMS[:2])),
        Able(scenario="own", arms=tuple(ARMS[:2]), is_variable=False),
    ]


def test_envoy_alone_is_always_wanted():
    assert [one.name for one in wanted_arms(ARMS, ("lua",))] == ["envoy", "lua"]
    assert wanted_arms(ARMS, ()) == ARMS


def test_who_is_asked_for_by_name_takes_part_in_sweeps_too():
    variants = [*ARMS, arm("noop", is_variant=True)]
    assert [one.is_variant for one in wanted_arms(variants, ())] == [False, False, False, True]
    assert [one.is_variant for one in wanted_arms(variants, ("noop",))] == [False, False]
