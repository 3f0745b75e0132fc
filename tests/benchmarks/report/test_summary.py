from dataclasses import replace

import pytest

from benchmarks.report.summary import summarize
from benchmarks.report.tables import Refusal
from benchmarks.report.verdict import verdict
from benchmarks.run.store import Run
from tests.benchmarks.made_up import MadeUp, base_cell, made_up_run

ARMS = ("envoy", "mixer-client", "ext-authz", "noop-ext-authz")
RUN = made_up_run(MadeUp(arms=ARMS, rejected=frozenset({("mixer-client", 2)})))


@pytest.fixture(scope="module")
def summary():
    return summarize(RUN)


def test_each_scenario_has_its_base_cell_with_its_noise(summary):
    cells = [base_cell(name) for name in ("access", "access-quota", "telemetry")]
    assert [table.cell for table in summary.base] == cells
    assert [noise.cell for noise in summary.noise] == cells


def test_sweeps_saturation_and_knees_are_found(summary):
    names = ["connections", "rate", "hits", "rules", "attributes", "delay"]
    assert [sweep.name for sweep in summary.sweeps] == names
    assert [table.cell.rate_per_s for table in summary.saturation] == [0]
    assert [knee.arm for knee in summary.knees] == list(ARMS)


def test_what_was_rejected_is_counted(summary):
    assert summary.measured_count == len(RUN.measured)
    assert summary.rejected_count == 3  # once in each scenario


def test_refusals_name_scenario_and_arm(summary):
    why = "it has no telemetry"
    assert summary.refusals == [Refusal(scenario="telemetry", arm="noop-ext-authz", why=why)]
    assert "noop-ext-authz" not in summary.base[2].rows


def test_a_rate_past_an_arms_knee_is_known(summary):
    at = [replace(base_cell(), rate_per_s=rate) for rate in (400, 800)]
    assert [summary.is_past_knee(cell, "ext-authz") for cell in at] == [False, True]
    assert [summary.is_past_knee(cell, "envoy") for cell in at] == [False, False]
    assert not summary.is_past_knee(base_cell("telemetry"), "ext-authz")


def test_the_verdict_says_so_of_a_base_cell():
    moved = Run(
        facts=RUN.facts,
        measured=[
            replace(one, cell=replace(one.cell, sweep={"base": "rate"}.get(one.cell.sweep, "base")))
            for one in RUN.measured
            if one.cell.sweep == "base" or one.cell.rate_per_s in (400, 800)
        ],
    )
    # The base cells are those at 400 and 800 requests/s, and the sweep is at 200, with them.
    said = [paragraph.sentences for paragraph in verdict(summarize(moved))]
    sentence = "Mixer, Envoy's ext_authz is past its knee here: its latency only tells of a queue."
    assert [sentence in sentences for sentences in said[:2]] == [False, True]
