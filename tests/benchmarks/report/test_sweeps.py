from dataclasses import replace

from benchmarks.report.cells import cell_tables
from benchmarks.report.sweeps import sweeps
from benchmarks.report.tables import CellTable
from benchmarks.run.store import Run
from benchmarks.scenario import Workload
from tests.benchmarks.made_up import MadeUp, base_cell, made_up_run

BASE = base_cell()


def lines(*cells):
    """Name, scenario, and points of each sweep."""
    found = sweeps([CellTable(cell=cell, rows={}) for cell in cells])
    return [(sweep.name, sweep.scenario, sweep.xs) for sweep in found]


def test_the_base_cell_is_a_point_of_each_sweep_through_it():
    assert lines(
        BASE,
        replace(BASE, sweep="connections", connections=64),
        replace(BASE, sweep="connections", connections=1),
        replace(BASE, sweep="rules", workload=Workload(rule_count=1_000)),
        replace(BASE, sweep="hits", workload=Workload(hit_share=0.5)),
    ) == [
        ("connections", "access", [1, 8, 64]),
        ("hits", "access", [0.5, 0.95]),
        ("rules", "access", [10, 1_000]),
    ]


def test_a_base_cell_that_differs_in_something_else_is_not_on_the_line():
    cells = [replace(BASE, sweep="rate", rate_per_s=rate) for rate in (100, 400)]
    assert lines(replace(BASE, protocol="http2"), *cells) == [("rate", "access", [100, 400])]


def test_lines_that_differ_in_something_else_are_sweeps_of_their_own():
    cells = [
        replace(BASE, sweep="delay", protocol=protocol, workload=Workload(adapter_delay_ms=delay))
        for protocol in ("http1", "http2")
        for delay in (0.0, 5.0)
    ]
    assert lines(*cells) == [("delay", "access", [0, 5]), ("delay", "access", [0, 5])]


def test_scenarios_are_not_mixed():
    other = base_cell("telemetry")
    cells = [
        replace(c, sweep="attributes", workload=Workload(attribute_count=60)) for c in (BASE, other)
    ]
    assert lines(BASE, other, *cells) == [
        ("attributes", "access", [25, 60]),
        ("attributes", "telemetry", [25, 60]),
    ]


def test_one_point_is_no_sweep():
    assert lines(replace(BASE, sweep="rate", rate_per_s=100)) == []
    assert lines(BASE) == []


def test_a_point_measured_in_the_sweep_goes_before_the_base_cell():
    own = replace(BASE, sweep="connections")
    tables = [CellTable(cell=cell, rows={}) for cell in (BASE, own, replace(own, connections=1))]
    (sweep,) = sweeps(tables)
    assert [table.cell.sweep for table in sweep.tables] == ["connections", "connections"]


def test_saturation_is_no_sweep():
    cells = [replace(BASE, sweep="saturation", rate_per_s=0, connections=c) for c in (1, 8)]
    assert lines(*cells) == []


def test_an_arm_that_only_the_base_cell_has_is_not_in_the_sweep():
    run = made_up_run(MadeUp(scenarios=("access",), arms=("envoy", "lua", "mixer-client")))
    measured = [m for m in run.measured if m.arm != "lua" or m.cell.sweep != "hits"]
    found = sweeps(cell_tables(Run(facts=run.facts, measured=measured)))
    arms = {sweep.name: sweep.arms() for sweep in found}
    assert arms["hits"] == ["envoy", "mixer-client"]
    assert arms["rules"] == ["envoy", "lua", "mixer-client"]
