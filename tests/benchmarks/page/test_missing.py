from dataclasses import replace

import pytest

from benchmarks.page.missing import added_missing, latency_missing, other_missing, sweep_missing
from benchmarks.report.summary import summarize
from benchmarks.run.store import Run
from tests.benchmarks.made_up import MadeUp, made_up_run

SAID = (0.5, 0.99)
WHY = "the generator was the bottleneck: send lag 4.1 ms"


@pytest.fixture(scope="module")
def summary():
    """180 answers in each base cell, and one repetition of Lua rejected: too few for a p99."""
    made_up = MadeUp(
        scenarios=("access",),
        arms=("envoy", "lua", "wasm-policy"),
        duration_s=0.9,
        rejected=frozenset({("lua", 1)}),
    )
    return summarize(made_up_run(made_up))


def sweep(summary, name):
    (found,) = (sweep for sweep in summary.sweeps if sweep.name == name)
    return found


def test_a_chart_of_anything_says_what_was_rejected(summary):
    assert other_missing(summary, summary.base[0]) == [
        f"Lua in Envoy: 1 of 5 measurements was rejected: {WHY}."
    ]


def test_arms_with_the_same_reason_share_a_sentence(summary):
    assert latency_missing(summary, summary.base[0])[1:] == [
        "Envoy alone; Policy filter (WebAssembly): "
        "not enough data for the p99 (900 of 1,000 answers).",
        "Envoy alone; Policy filter (WebAssembly): "
        "not enough data for the p99.9 (900 of 10,000 answers).",
        "Lua in Envoy: not enough data for the p99 (720 of 1,000 answers).",
        "Lua in Envoy: not enough data for the p99.9 (720 of 10,000 answers).",
    ]


def test_a_chart_of_added_latency_is_about_its_own_quantiles(summary):
    assert added_missing(summary, summary.base[0], SAID)[1:] == [
        "Lua in Envoy: not enough data for the median (4 of 5 repetitions).",
        "Lua in Envoy: not enough data for the p99 (720 of 1,000 answers).",
        "Policy filter (WebAssembly): not enough data for the p99 (900 of 1,000 answers).",
    ]


def test_along_a_sweep_points_with_the_same_reason_share_a_sentence(summary):
    assert sweep_missing(summary, sweep(summary, "attributes"), SAID) == [
        "Lua in Envoy: at 10, 60, not enough data for the p99 (900 of 1,000 answers).",
        f"Lua in Envoy: at 25, 1 of 5 measurements was rejected: {WHY}.",
        "Lua in Envoy: at 25, not enough data for the median (4 of 5 repetitions).",
        "Lua in Envoy: at 25, not enough data for the p99 (720 of 1,000 answers).",
        "Policy filter (WebAssembly): at 10, 25, 60, not enough data for the p99 "
        "(900 of 1,000 answers).",
    ]


def test_past_the_knee_nothing_else_is_said(summary):
    said = sweep_missing(summary, sweep(summary, "rate"), SAID)
    assert [text for text in said if "3,200" in text] == [
        "Envoy alone; Lua in Envoy; Policy filter (WebAssembly): at 3,200, past the knee."
    ]


def test_arms_that_were_not_measured_are_named(summary):
    run = made_up_run(MadeUp(scenarios=("access",), has_sweeps=False, arms=("envoy", "lua")))
    arms = {**run.facts.arms, "native": "Envoy's own filters", "direct": "No Envoy"}
    facts = replace(run.facts, arms=arms, refusals={"access/native": "it can't do that"})
    found = summarize(Run(facts=facts, measured=run.measured))
    assert other_missing(found, found.base[0]) == [
        "Envoy's own filters was left out: it can't do that.",
        "Not measured here: No Envoy.",
    ]
