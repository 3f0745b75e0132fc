from dataclasses import replace

import pytest
from hdrh.histogram import HdrHistogram

from benchmarks.cell import Measured, ProcessUse
from benchmarks.report.cells import added_ns, cell_tables
from benchmarks.report.tables import CellTable
from benchmarks.run.store import Run
from benchmarks.statistics import Estimate, NotEnough
from tests.benchmarks.made_up import MadeUp, base_cell, made_up_run

PLAIN = made_up_run(
    MadeUp(
        scenarios=("access",), has_sweeps=False, arms=("direct", "envoy", "lua"), repetition_count=1
    )
)


def histogram(latency_us: float, count: int) -> str:
    """All answers take the same time."""
    whole = HdrHistogram(1_000, 60_000_000_000, 3)
    whole.record_value(int(latency_us * 1_000), count)
    return whole.encode().decode()


def measured(arm: str, repetition: int, latency_us: float, count: int = 400) -> Measured:
    return replace(
        PLAIN.measured[0],
        arm=arm,
        repetition=repetition,
        answered_count=count,
        elapsed_s=2.0,
        latency_ns=histogram(latency_us, count),
    )


def table(*cells: Measured) -> CellTable:
    (found,) = cell_tables(Run(facts=PLAIN.facts, measured=cells))
    return found


def us(figure) -> tuple[float, ...]:
    return tuple(round(ns / 1_000, 1) for ns in (figure.value, figure.low, figure.high))


def test_added_is_what_an_arm_takes_more_than_envoy_in_the_same_repetition():
    # The machine gets slower all the time; in pairs, 20 to 24 µs are added.
    pairs = [(100, 120), (200, 221), (300, 322), (400, 423), (500, 524)]
    cells = [
        measured(arm, repetition, latency_us)
        for repetition, pair in enumerate(pairs)
        for arm, latency_us in zip(("envoy", "lua"), pair, strict=True)
    ]
    added = table(*cells).rows["lua"].added_ns
    assert us(added[0.5]) == pytest.approx((22, 20, 24), abs=0.6)
    assert us(added[0.99]) == pytest.approx((22, 20, 24), abs=0.6)
    assert added[0.999] == NotEnough(why="2,000 of 10,000 answers")


def test_what_the_machine_does_to_all_arms_is_in_no_interval():
    made_up = replace(
        MadeUp(), scenarios=("access",), has_sweeps=False, arms=("envoy", "ext-authz-unix")
    )
    calm, drifting = (
        cell_tables(made_up_run(replace(made_up, repetition_count=9, noise=0.001, drift=drift)))[0]
        for drift in (0.0, 0.05)
    )
    widths = [found.rows["ext-authz-unix"].added_ns[0.5].half_width for found in (calm, drifting)]
    latency_ns = drifting.rows["ext-authz-unix"].latency_ns[0.5]
    assert widths[0] < 0.01 * latency_ns
    # The added latency itself drifts with the machine; that of Envoy cancels out.
    assert widths[1] < 0.15 * latency_ns


def test_direct_and_envoy_add_nothing():
    rows = cell_tables(PLAIN)[0].rows
    assert [dict(rows[arm].added_ns) for arm in ("direct", "envoy")] == [{}, {}]


def test_without_envoy_nothing_is_added_to():
    row = table(*(measured("lua", repetition, 100) for repetition in range(5))).rows["lua"]
    assert row.added_ns[0.5] == NotEnough(why="Envoy alone was not measured")


def test_a_rejected_repetition_takes_its_pair_along_and_no_other():
    cells = [
        measured(arm, repetition, 100 + 10 * repetition * (arm == "lua"))
        for repetition in range(6)
        for arm in ("envoy", "lua")
    ]
    cells[0] = replace(cells[0], rejection="send lag")
    rows = table(*cells).rows
    assert (rows["envoy"].repetition_count, rows["lua"].repetition_count) == (5, 6)
    assert rows["envoy"].rejections == ["send lag"]
    assert us(rows["lua"].added_ns[0.5]) == pytest.approx((30, 10, 50), abs=0.6)


def test_an_arm_of_which_all_is_rejected_has_no_figures():
    cells = [
        replace(measured("lua", repetition, 100), rejection="send lag") for repetition in range(5)
    ]
    row = table(*cells).rows["lua"]
    assert (row.repetition_count, row.answered_count, row.throughput_per_s) == (0, 0, 0.0)
    assert row.latency_ns[0.5] == NotEnough(why="0 of 20 answers")
    assert row.throughput == NotEnough(why="0 of 5 repetitions")
    assert (row.curve.quantiles, row.curve.latency_ns) == ([], [])
    assert (row.cpu_s_per_1000, row.rss_bytes) == ({}, {})


def test_latency_is_that_of_all_repetitions_together():
    rows = table(measured("envoy", 0, 100, count=300), measured("envoy", 1, 900, count=100)).rows
    found = rows["envoy"].latency_ns
    assert found[0.5] == pytest.approx(100_000, rel=0.006)
    assert found[0.9] == pytest.approx(900_000, rel=0.002)
    assert found[0.99] == NotEnough(why="400 of 1,000 answers")


def test_a_curve_ends_where_fewer_than_ten_answers_lie_beyond():
    curve = table(measured("envoy", 0, 100, count=1_000)).rows["envoy"].curve
    assert curve.quantiles[0] == 0
    assert curve.quantiles[-1] == pytest.approx(0.99)
    assert list(curve.quantiles) == sorted(curve.quantiles)
    assert len(curve.latency_ns) == len(curve.quantiles)


def test_cpu_memory_and_calls_are_of_all_repetitions():
    def using(repetition: int, cpu_s: float, rss_bytes: int, calls: int) -> Measured:
        processes = {
            "envoy": ProcessUse(cpu_s=cpu_s, rss_bytes=rss_bytes),
            "upstream": ProcessUse(cpu_s=1.0, rss_bytes=7),
        }
        cell = measured("lua", repetition, 100, count=1_000)
        return replace(cell, processes=processes, policy_call_count=calls)

    row = table(using(0, 0.1, 50, 10), using(1, 0.3, 40, 30)).rows["lua"]
    assert row.cpu_s_per_1000 == {"envoy": pytest.approx(0.2), "upstream": pytest.approx(1.0)}
    assert row.policy_cpu_s_per_1000 == pytest.approx(0.2)
    assert row.rss_bytes == {"envoy": 50, "upstream": 7}
    assert row.policy_calls_per_request == pytest.approx(0.02)
    assert (row.throughput_per_s, row.throughputs_per_s) == (500.0, [500.0, 500.0])


def test_in_saturation_nothing_is_added_but_throughput_is_known():
    saturated = replace(base_cell(), sweep="saturation", rate_per_s=0.0)
    cells = [
        replace(measured(arm, repetition, 100, count=count), cell=saturated)
        for repetition, count in enumerate((1_000, 1_020, 1_040, 1_060, 1_080))
        for arm in ("envoy", "lua")
    ]
    row = table(*cells).rows["lua"]
    assert row.added_ns == {}
    assert row.throughput == Estimate(value=520.0, low=500.0, high=540.0)


def test_arms_come_in_the_order_of_the_runs_facts():
    cells = [measured(arm, 0, 100) for arm in ("lua", "envoy", "direct")]
    assert list(table(*cells).rows) == ["direct", "envoy", "lua"]


def test_two_arms_are_compared_in_the_repetitions_that_both_have():
    cells = [
        *(measured("envoy", repetition, 100 + 7 * repetition) for repetition in range(4)),
        *(measured("lua", repetition, 200) for repetition in range(1, 7)),
    ]
    rows = table(*cells).rows
    assert added_ns(rows["lua"], rows["envoy"], 0.5) == NotEnough(why="3 of 5 repetitions")
