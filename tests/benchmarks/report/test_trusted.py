"""What is not in a figure: repetitions whose tail is the generator's, or that fell behind."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from benchmarks.cell import Measured
from benchmarks.page.curves import draw_curves
from benchmarks.page.missing import added_missing
from benchmarks.page.palette import LIGHT, arm_styles
from benchmarks.page.pen import WIDE, Pen
from benchmarks.page.scales import nines
from benchmarks.report.cells import cell_tables
from benchmarks.report.compare import compare
from benchmarks.report.summary import summarize
from benchmarks.report.tables import ArmFigures
from benchmarks.report.verdict import verdict
from benchmarks.report.wording import warnings
from benchmarks.run.store import Run
from benchmarks.statistics import Estimate, NotEnough, PastKnee
from tests.benchmarks.made_up import MadeUp, base_cell, made_up_run

ARMS = ("direct", "envoy", "wasm-policy", "mixer-client")
PLAIN = MadeUp(scenarios=("access",), arms=ARMS, has_sweeps=False)
CLIENT = "mixer-client"
Change = Callable[[Measured], bool]


def changed(made_up: MadeUp, is_meant: Change, **fields) -> Run:
    run = made_up_run(made_up)
    return replace(run, measured=[replace(m, **fields) if is_meant(m) else m for m in run.measured])


def late(made_up: MadeUp = PLAIN, trusted: float = 0.9, most: int = 2) -> Run:
    """In the first two repetitions of Mixer's client, the tail is the generator's."""
    return changed(
        made_up, lambda m: m.arm == CLIENT and m.repetition < most, trusted_quantile=trusted
    )


def behind(made_up: MadeUp, *arms: str, most: int = 5) -> Run:
    return changed(made_up, lambda m: m.arm in arms and m.repetition < most, kept_up=False)


def row(run: Run, arm: str = CLIENT) -> ArmFigures:
    return cell_tables(run)[0].rows[arm]


def test_each_quantile_is_of_the_repetitions_that_can_be_trusted_there():
    whole, found = row(made_up_run(PLAIN)), row(late())
    assert found.latency_ns[0.9] == whole.latency_ns[0.9]
    last_three = [m for m in made_up_run(PLAIN).measured if m.repetition > 1]
    rest = row(Run(facts=late().facts, measured=last_three))
    assert found.latency_ns[0.99] == rest.latency_ns[0.99] != whole.latency_ns[0.99]
    assert found.repetitions_ns[0].keys() == {0.5, 0.9}
    assert (found.late_counts[0.9], found.late_counts[0.99]) == (0, 2)
    assert found.answered_count == whole.answered_count
    assert found.latency_ns[0.999] == NotEnough(
        why="7,200 of 10,000 answers; the generator was too late in 2"
    )


def test_added_latency_is_known_below_and_not_beyond():
    added = row(late()).added_ns
    assert isinstance(added[0.9], Estimate)
    assert added[0.99] == NotEnough(why="3 of 5 repetitions; the generator was too late in 2")
    # With enough others it is known all the same.
    more = row(late(replace(PLAIN, repetition_count=7)))
    assert isinstance(more.added_ns[0.99], Estimate)


def test_a_curve_ends_where_a_repetition_can_not_be_trusted():
    assert row(late()).curve.quantiles[-1] == pytest.approx(0.9)
    assert row(late(trusted=0.99)).curve.quantiles[-1] == pytest.approx(0.99)
    assert row(made_up_run(PLAIN)).curve.quantiles[-1] > 0.999


def test_points_of_a_curve_do_not_lie_beyond_its_end():
    summary = summarize(late(replace(PLAIN, arms=("envoy", CLIENT))))
    styles = arm_styles(summary.facts.color_orders)
    pen = Pen(layout=WIDE, theme=LIGHT, styles=styles, titles=summary.facts.arms)
    (axes,) = draw_curves(summary.base[0], pen).axes
    last = [line.get_xdata()[-1] for line in axes.lines if line.get_color() == pen.color(CLIENT)]
    # The line and its marks end at p90.
    assert last == pytest.approx([nines(0.9)] * 2)


def test_a_comparison_of_runs_takes_only_what_can_be_trusted():
    changes = compare(made_up_run(PLAIN), late()).changes
    client = [change.quantile for change in changes if change.arm == "mixer-client"]
    assert client == [0.5, 0.9]


def test_a_verdict_says_that_it_is_not_enough_and_why():
    (paragraph,) = verdict(summarize(late()))
    (sentence,) = [s for s in paragraph.sentences if s.startswith("Mixer, its client in Envoy: ")]
    why = "not enough data for the p99 (3 of 5 repetitions; the generator was too late in 2)"
    assert why in sentence
    assert "to the median" in sentence


def test_what_is_withheld_is_warned_of():
    assert warnings(summarize(late())) == [
        "The generator was too late for the tail: withheld are p99 of 2, p99.9 of 2 of 20 "
        "measurements, and used is what lies below."
    ]


def test_no_latency_is_taken_from_an_arm_that_fell_behind():
    found = row(behind(PLAIN, CLIENT))
    why = "past the knee: answers fell behind in 5"
    assert set(found.latency_ns.values()) == {PastKnee(why=why)}
    assert set(found.added_ns.values()) == {PastKnee(why=why)}
    assert (list(found.curve.quantiles), found.repetitions_ns) == ([], {})
    # What it took is known.
    assert found.answered_count > 0
    assert found.throughput_per_s > 0


def test_a_repetition_that_fell_behind_takes_its_pair_along():
    found = row(behind(PLAIN, CLIENT, most=1))
    assert found.repetitions_ns.keys() == {1, 2, 3, 4}
    assert found.added_ns[0.5] == NotEnough(why="4 of 5 repetitions; answers fell behind in 1")


def test_where_envoy_alone_falls_behind_nothing_is_told_of_arms_behind_it():
    run = behind(PLAIN, "envoy", most=1)
    kept = {arm: sorted(row(run, arm).repetitions_ns) for arm in ARMS}
    assert kept == {
        "direct": [0, 1, 2, 3, 4],
        "envoy": [1, 2, 3, 4],
        "wasm-policy": [1, 2, 3, 4],
        "mixer-client": [1, 2, 3, 4],
    }


def test_a_cell_in_which_an_arm_falls_behind_is_past_its_knee_along_any_sweep():
    swept = replace(PLAIN, has_sweeps=True)
    run = changed(
        swept,
        lambda m: m.arm == CLIENT and m.cell.workload.rule_count == 10_000,
        kept_up=False,
    )
    summary = summarize(run)
    cells = {table.cell for table in summary.cells if table.cell.workload.rule_count == 10_000}
    assert [summary.is_past_knee(cell, CLIENT) for cell in cells] == [True]
    assert not summary.is_past_knee(base_cell(), CLIENT)


def test_a_knee_lies_before_the_rate_at_which_an_arm_falls_behind():
    swept = replace(PLAIN, has_sweeps=True)
    run = changed(swept, lambda m: m.arm == "direct" and m.cell.rate_per_s == 3_200, kept_up=False)
    knees = {knee.arm: knee for knee in summarize(run).knees}
    assert (knees["direct"].rate_per_s, knees["direct"].is_open) == (1_600, False)


def test_a_page_says_past_the_knee_instead_of_not_enough():
    summary = summarize(behind(PLAIN, CLIENT))
    assert added_missing(summary, summary.base[0], (0.5,))[-1] == (
        "Mixer, its client in Envoy: not enough data for the median "
        "(past the knee: answers fell behind in 5)."
    )
