from dataclasses import replace

import pytest

from benchmarks.report.cells import cell_tables
from benchmarks.report.knees import knees
from benchmarks.report.sweeps import sweeps
from benchmarks.report.tables import Knee
from benchmarks.run.store import Run
from tests.benchmarks.made_up import MadeUp, made_up_run

RUN = made_up_run(
    MadeUp(scenarios=("access",), repetition_count=2, arms=("direct", "envoy", "ext-authz"))
)


def found(run: Run) -> dict[str, Knee]:
    (rates,) = (sweep for sweep in sweeps(cell_tables(run)) if sweep.name == "rate")
    return {knee.arm: knee for knee in knees(rates)}


def changed(arm: str, rate: float, **fields) -> Run:
    """Another outcome of what an arm measured at a rate."""
    return replace(
        RUN,
        measured=[
            replace(one, **{name: value(one) for name, value in fields.items()})
            if (one.arm, one.cell.rate_per_s) == (arm, rate)
            else one
            for one in RUN.measured
        ],
    )


def test_the_knee_is_the_highest_rate_before_p99_grows_to_more_than_three_times():
    # Made up is a queue: with 800 answers/s at most, p99 at 400/s is 2 times that at rest.
    knee = found(RUN)["ext-authz"]
    assert knee == Knee(scenario="access", arm="ext-authz", rate_per_s=400, is_open=False)


def test_a_knee_that_was_not_reached_is_open():
    # 9,000 answers/s at most, and 3,200 were asked for.
    assert found(RUN)["direct"] == Knee(
        scenario="access", arm="direct", rate_per_s=3_200, is_open=True
    )


def test_an_arm_that_answers_fewer_than_planned_is_past_its_knee():
    run = changed("direct", 800, answered_count=lambda one: int(0.9 * one.answered_count))
    assert found(run)["direct"] == Knee(
        scenario="access", arm="direct", rate_per_s=400, is_open=False
    )


def test_what_chance_did_not_send_is_no_fault_of_an_arm():
    # 3 deviations of 2 · 12 s · 100/s = 2,400 requests are 147, with 1 % 171.
    for fewer, is_kept in ((80, True), (90, False)):
        run = changed(
            "direct", 100, answered_count=lambda one, fewer=fewer: one.answered_count - fewer
        )
        assert found(run)["direct"].keeps(100) is is_kept


def test_rates_that_were_rejected_leave_the_knee_open():
    run = changed("ext-authz", 800, rejection=lambda _: "send lag")
    run = replace(run, measured=[m for m in run.measured if m.cell.rate_per_s <= 800])
    assert found(run)["ext-authz"] == Knee(
        scenario="access", arm="ext-authz", rate_per_s=400, is_open=True
    )


@pytest.mark.parametrize(
    ("rate", "is_open", "keeps"), [(400, False, True), (401, False, False), (401, True, True)]
)
def test_what_a_knee_keeps(rate, is_open, keeps):
    knee = Knee(scenario="access", arm="lua", rate_per_s=400, is_open=is_open)
    assert knee.keeps(rate) is keeps
