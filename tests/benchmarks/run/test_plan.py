from dataclasses import replace

import pytest

from benchmarks.arms import all_arms
from benchmarks.cell import Cell
from benchmarks.run.estimate import duration_s
from benchmarks.run.plan import QUICK, Able, Choice, make_plan
from benchmarks.run.sweeps import AXES, SWEEPS
from benchmarks.scenario import Workload
from benchmarks.scenarios import FACTORIES
from tests.benchmarks.run.fakes import arm

ARMS = (
    arm("direct", has_policy=False),
    arm("envoy", has_policy=False),
    arm("native"),
    arm("wasm-policy"),
    arm("mixer-client", calls_mixer=True, keeps_verdicts=True),
    arm("mixer-client-plain", calls_mixer=True, is_variant=True),
    arm("ext-authz", calls_mixer=True),
    arm("noop-ext-authz", has_policy=False, is_variant=True),
)
ALL = tuple(one.name for one in ARMS)
SWEPT = ("envoy", "native", "wasm-policy", "mixer-client", "ext-authz")
ACCESS = Able(scenario="access", arms=ARMS)
BASE = Cell(scenario="access", sweep="base", rate_per_s=200, connections=8)


def cells(choice, *scenarios, top_rates=None):
    return make_plan(choice, scenarios or [ACCESS], top_rates).cells


def only(sweep):
    return Choice(sweeps=(sweep,))


def test_the_base_is_one_cell_for_each_scenario_with_all_arms_that_can_run_it():
    telemetry = Able(scenario="telemetry", arms=ARMS[:3])
    found = cells(only("base"), ACCESS, telemetry)
    assert [(one.cell, one.arms, one.duration_s) for one in found] == [
        (BASE, ALL, 12.0),
        (replace(BASE, scenario="telemetry"), ALL[:3], 12.0),
    ]


@pytest.mark.parametrize(
    ("sweep", "varied"),
    [
        ("connections", [{"connections": count} for count in (1, 16, 64)]),
        ("rules", [{"workload": Workload(rule_count=n)} for n in (1, 1_000, 10_000)]),
        ("hits", [{"workload": Workload(hit_share=share)} for share in (0, 0.5, 0.8, 0.99)]),
        ("attributes", [{"workload": Workload(attribute_count=n)} for n in (10, 60)]),
        ("delay", [{"workload": Workload(adapter_delay_ms=ms)} for ms in (1, 10)]),
        ("saturation", [{"rate_per_s": 0}]),
    ],
)
def test_a_sweep_varies_one_thing_and_leaves_out_the_point_that_the_base_is(sweep, varied):
    found = cells(Choice(sweeps=("base", sweep)))[1:]
    assert [one.cell for one in found] == [replace(BASE, sweep=sweep, **one) for one in varied]
    assert {one.duration_s for one in found} == {1.5}


def test_a_sweep_without_the_base_has_all_its_points():
    assert [one.cell.connections for one in cells(only("connections"))] == [1, 8, 16, 64]


@pytest.mark.parametrize(
    ("sweep", "arms"),
    [
        ("saturation", ALL),
        # Variants cost what base cells say, and direct is no yardstick.
        ("connections", SWEPT),
        ("rate", SWEPT),
        ("attributes", SWEPT),
        # A cache shows beside one arm that has none, and so does a slow adapter.
        ("hits", ("envoy", "mixer-client", "mixer-client-plain")),
        ("delay", ("envoy", "mixer-client", "mixer-client-plain")),
        # Who has no policy has no rules; Envoy alone is what others are compared with.
        ("rules", SWEPT),
    ],
)
def test_a_sweep_is_measured_with_the_arms_for_which_it_means_something(sweep, arms):
    assert {one.arms for one in cells(only(sweep))} == {arms}


@pytest.mark.parametrize(
    ("changed", "duration_s"),
    [
        ({}, 1.5),
        # 1,500 requests in all repetitions, so that p99 has its 1,000 answers.
        ({"rate_per_s": 100.0}, 3.0),
        ({"repetition_count": 3}, 2.5),
        ({"duration_s": 60.0}, 7.5),
        ({"duration_s": 1.0}, 1.5),
    ],
)
def test_a_cell_of_a_sweep_is_measured_as_long_as_its_p99_needs(changed, duration_s):
    found = cells(Choice(sweeps=("connections",), **changed))
    assert {one.duration_s for one in found} == {duration_s}


def test_saturation_is_measured_as_long_as_other_sweeps():
    assert [one.duration_s for one in cells(only("saturation"))] == [1.5]


def test_all_cells_have_the_protocol_and_the_pacing_that_were_asked_for():
    found = cells(Choice(protocol="http2", pacing="constant"))
    assert {(one.cell.protocol, one.cell.pacing) for one in found} == {("http2", "constant")}


def test_all_of_a_full_run_are_ready_in_the_time_of_an_afternoon():
    scenarios = [Able(scenario=name, arms=tuple(all_arms())) for name in FACTORIES]
    top_rates = {"ext-authz": 800, "mixer-client": 1_600, "wasm-policy": 3_200}
    others = {one.name: 6_400 for one in all_arms() if one.name not in top_rates}
    made = make_plan(Choice(), scenarios, {**others, **top_rates})
    assert made.repetition_count == 5
    assert {one.cell.sweep for one in made.cells} == set(SWEEPS)
    assert duration_s(made) < 85 * 60


def test_sweeps_take_the_first_scenario():
    telemetry = Able(scenario="telemetry", arms=ARMS)
    found = cells(Choice(), ACCESS, telemetry)
    of_telemetry = [one.cell.sweep for one in found if one.cell.scenario == "telemetry"]
    assert of_telemetry == ["base"]


def test_rates_rise_to_where_each_arm_was_found_to_end():
    top_rates = {**dict.fromkeys(ALL, 400), "native": 800, "mixer-client": 100}
    found = cells(only("rate"), top_rates=top_rates)
    assert [(one.cell.rate_per_s, one.arms) for one in found] == [
        (100, SWEPT),
        (200, tuple(name for name in SWEPT if name != "mixer-client")),
        (400, tuple(name for name in SWEPT if name != "mixer-client")),
        (800, ("native",)),
    ]


def test_a_policy_that_is_not_ours_is_not_varied():
    own = Able(scenario="own", arms=ARMS, is_variable=False)
    swept = {one.cell.sweep for one in cells(Choice(), own)}
    assert swept == {"base", "connections", "rate", "saturation"}
    assert {one.cell.workload for one in cells(Choice(), own)} == {None}


def test_cells_that_no_arm_can_run_are_left_out():
    assert cells(Choice(), Able(scenario="own", arms=())) == ()


def test_a_quick_run_has_every_arm_once_and_one_point_of_each_sweep():
    telemetry = Able(scenario="telemetry", arms=tuple(one for one in ARMS if one.name != "native"))
    found = cells(QUICK, telemetry, ACCESS)
    assert [(one.cell.scenario, one.cell.sweep, one.arms) for one in found] == [
        ("telemetry", "base", tuple(name for name in ALL if name != "native")),
        ("access", "base", ("envoy", "native")),
        *(
            ("telemetry", sweep, ("mixer-client",))
            if sweep in {"hits", "delay"}
            else ("telemetry", sweep, ("wasm-policy",))
            for sweep in SWEEPS[1:]
        ),
    ]
    assert {one.duration_s for one in found} == {0.7}


def test_a_quick_run_needs_no_second_scenario_if_all_arms_run_the_first():
    assert {one.cell.scenario for one in cells(QUICK, ACCESS, ACCESS)} == {"access"}


def test_a_plan_counts_arms_times_cells_times_repetitions():
    made = make_plan(Choice(sweeps=("base", "connections"), repetition_count=3), [ACCESS])
    assert made.measurement_count == (8 + 3 * 5) * 3


def test_the_points_of_all_sweeps_rise():
    assert [axis.name for axis in AXES.values() if list(axis.points) != sorted(axis.points)] == []
