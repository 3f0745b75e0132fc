from dataclasses import replace

import pytest

from benchmarks.cell import Cell
from benchmarks.run.plan import QUICK, Able, Choice, make_plan
from benchmarks.run.sweeps import AXES, SWEEPS
from benchmarks.scenario import Workload
from tests.benchmarks.run.fakes import arm

ARMS = (
    arm("direct", has_policy=False),
    arm("envoy", has_policy=False),
    arm("native"),
    arm("wasm-policy"),
    arm("mixer-client", title="Mixer, its client in Envoy"),
    arm("noop-ext-authz", has_policy=False),
)
ALL = tuple(one.name for one in ARMS)
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
        ("rules", [{"workload": Workload(rule_count=n)} for n in (1, 100, 1_000, 10_000)]),
        ("hits", [{"workload": Workload(hit_share=share)} for share in (0, 0.5, 0.8, 0.99)]),
        ("attributes", [{"workload": Workload(attribute_count=n)} for n in (10, 60)]),
        ("delay", [{"workload": Workload(adapter_delay_ms=ms)} for ms in (1, 5, 20)]),
        ("saturation", [{"rate_per_s": 0}]),
    ],
)
def test_a_sweep_varies_one_thing_and_leaves_out_the_point_that_the_base_is(sweep, varied):
    found = cells(Choice(sweeps=("base", sweep)))[1:]
    assert [one.cell for one in found] == [replace(BASE, sweep=sweep, **one) for one in varied]
    assert {one.duration_s for one in found} == {4.0}


def test_a_sweep_without_the_base_has_all_its_points():
    assert [one.cell.connections for one in cells(only("connections"))] == [1, 8, 16, 64]


@pytest.mark.parametrize(
    ("sweep", "arms"),
    [
        ("connections", ALL),
        ("rate", ALL),
        ("saturation", ALL),
        # Without a cache of verdicts, or an adapter, there is nothing to see.
        ("hits", ("envoy", "mixer-client")),
        ("delay", ("envoy", "mixer-client")),
        # Who has no policy has no rules; Envoy alone is what others are compared with.
        ("rules", ("envoy", "native", "wasm-policy", "mixer-client")),
        # Whoever takes the request apart.
        ("attributes", ALL[1:]),
    ],
)
def test_a_sweep_is_measured_with_the_arms_for_which_it_means_something(sweep, arms):
    assert {one.arms for one in cells(only(sweep))} == {arms}


def test_sweeps_take_the_first_scenario_but_saturation_takes_all():
    telemetry = Able(scenario="telemetry", arms=ARMS)
    found = cells(Choice(), ACCESS, telemetry)
    of_telemetry = [one.cell.sweep for one in found if one.cell.scenario == "telemetry"]
    assert of_telemetry == ["base", "saturation"]


def test_rates_rise_to_where_each_arm_was_found_to_end():
    top_rates = {**dict.fromkeys(ALL, 400), "direct": 800, "mixer-client": 100}
    found = cells(only("rate"), top_rates=top_rates)
    assert [(one.cell.rate_per_s, one.arms) for one in found] == [
        (100, ALL),
        (200, tuple(name for name in ALL if name != "mixer-client")),
        (400, tuple(name for name in ALL if name != "mixer-client")),
        (800, ("direct",)),
    ]


def test_a_policy_that_is_not_ours_is_not_varied():
    own = Able(scenario="own", arms=ARMS, is_variable=False)
    swept = {one.cell.sweep for one in cells(Choice(), own)}
    assert swept == {"base", "connections", "rate", "saturation"}


def test_cells_that_no_arm_can_run_are_left_out():
    assert cells(Choice(), Able(scenario="own", arms=())) == ()


def test_a_quick_run_has_every_arm_once_and_one_point_of_each_sweep():
    telemetry = Able(scenario="telemetry", arms=tuple(one for one in ARMS if one.name != "native"))
    found = cells(QUICK, telemetry, ACCESS)
    assert [(one.cell.scenario, one.cell.sweep, one.arms) for one in found] == [
        ("telemetry", "base", ("direct", "envoy", "wasm-policy", "mixer-client", "noop-ext-authz")),
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
    assert made.measurement_count == 6 * 4 * 3


def test_the_points_of_all_sweeps_rise():
    assert [axis.name for axis in AXES.values() if list(axis.points) != sorted(axis.points)] == []
