from dataclasses import replace

import pytest

from benchmarks.report.summary import summarize
from benchmarks.report.wording import cell_title, count_of, sweep_title, table_title, warnings
from benchmarks.scenario import Workload
from tests.benchmarks.made_up import MadeUp, base_cell, made_up_run

SHORT = MadeUp(scenarios=("telemetry",), has_sweeps=False, arms=("envoy", "lua", "noop-ext-authz"))


@pytest.mark.parametrize(
    ("cell", "title"),
    [
        (
            base_cell(),
            "95 % cache hits, 200 requests/s over 8 connections, HTTP/1.1, poisson pacing, "
            "10 rules, 25 attributes",
        ),
        (
            replace(
                base_cell(),
                rate_per_s=0,
                connections=1,
                protocol="http2",
                workload=Workload(rule_count=1, hit_share=0.0, adapter_delay_ms=2.5),
            ),
            "0 % cache hits, as fast as it goes over 1 connection, HTTP/2, 1 rule, 25 attributes, "
            "2.5 ms of delay",
        ),
        # Nobody knows what a reader's own policy consists of, or what a cache can answer of it.
        (
            replace(base_cell(), workload=None),
            "200 requests/s over 8 connections, HTTP/1.1, poisson pacing",
        ),
    ],
)
def test_a_cell_in_words(cell, title):
    assert cell_title(cell) == title


def test_a_table_is_called_after_scenario_sweep_and_cell():
    facts = made_up_run(SHORT).facts
    base = base_cell("telemetry")
    assert table_title(facts, base) == f"All with telemetry: {cell_title(base)}"
    rate = replace(base, sweep="rate")
    assert table_title(facts, rate) == f"All with telemetry, rate: {cell_title(base)}"


def test_a_sweep_is_called_after_what_it_varies():
    summary = summarize(made_up_run(MadeUp(scenarios=("access",), arms=("envoy",))))
    titles = [sweep_title(summary.facts, sweep) for sweep in summary.sweeps]
    assert titles[:2] == [
        "Access control, by connections",
        "Access control, by requests per second",
    ]


def test_one_thing_is_no_things():
    assert [count_of(count, "rule") for count in (0, 1, 10_000)] == [
        "0 rules",
        "1 rule",
        "10,000 rules",
    ]


def test_a_run_in_which_all_went_well_needs_no_warning():
    assert warnings(summarize(made_up_run(replace(SHORT, arms=("envoy", "lua"))))) == []


def test_rejections_refusals_and_a_quick_run_are_warned_of():
    rejected = frozenset({("lua", 0), ("lua", 3), ("envoy", 1)})
    run = made_up_run(replace(SHORT, rejected=rejected))
    quick = replace(run, facts=replace(run.facts, is_quick=True))
    assert warnings(summarize(quick)) == [
        "A quick run: it shows that everything works, not how fast anything is.",
        "3 of 10 measurements (30 %) were rejected and are not in the figures.",
        "1 cell: rejected, the generator was the bottleneck: send lag 4.1 ms "
        "(Envoy alone once; Lua in Envoy 2 times).",
        "All with telemetry: ext_authz server that decides nothing was left out: "
        "it has no telemetry.",
    ]


def test_equal_warnings_are_one():
    both = ("access", "telemetry")
    rejected = frozenset({("envoy", 1)})
    run = made_up_run(MadeUp(scenarios=both, has_sweeps=False, arms=("envoy",), rejected=rejected))
    refusals = {f"{name}/lua": "it has no Lua" for name in both}
    summary = summarize(replace(run, facts=replace(run.facts, refusals=refusals)))
    assert warnings(summary)[1:] == [
        "2 cells: rejected, the generator was the bottleneck: send lag 4.1 ms "
        "(Envoy alone 2 times).",
        "Access control; All with telemetry: lua was left out: it has no Lua.",
    ]
