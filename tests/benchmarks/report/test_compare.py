import math
from dataclasses import replace
from itertools import pairwise

import pytest

from benchmarks.report.compare import Change, compare
from benchmarks.report.comparison_text import agreement_lines
from benchmarks.statistics import Estimate
from tests.benchmarks.made_up import MadeUp, base_cell, exact_run, made_up_run

MADE_UP = MadeUp(scenarios=("access", "telemetry"), has_sweeps=False)
FIRST = made_up_run(MADE_UP)
ENVOY = [(625, 1_000)] * 5
WASM = [(725 + more, 1_200 + 2 * more) for more in (0, 1, -1, 2, -2)]


def second(seed=2, **made_up):
    return made_up_run(replace(MADE_UP, seed=seed, **made_up))


def differing(comparison) -> set[tuple[str, str]]:
    return {(change.cell.scenario, change.arm) for change in comparison.changes if change.differs}


def test_an_equal_run_does_not_differ():
    assert differing(compare(FIRST, second())) == set()


def test_a_shift_of_20_percent_is_found_where_it_is():
    found = compare(FIRST, second(slower={"wasm-policy": 1.2}))
    assert differing(found) == {("access", "wasm-policy"), ("telemetry", "wasm-policy")}
    assert all(change.slowdown > 0.2 for change in found.changes if change.differs)


def test_a_shift_of_1_percent_is_within_noise():
    assert differing(compare(FIRST, second(slower={"wasm-policy": 1.01}))) == set()


def test_equal_runs_differ_seldom():
    runs = [second(seed=seed, scenarios=("access",)) for seed in range(3, 9)]
    found = [bool(differing(compare(first, run))) for first, run in pairwise(runs)]
    assert sum(found) <= 1


def test_what_the_machine_does_to_all_arms_is_found_at_those_that_are_not_subtracted():
    found = compare(FIRST, second(slower=dict.fromkeys(FIRST.facts.arms, 1.1)))
    assert {("access", "direct"), ("access", "envoy")} <= differing(found)


LUA = [(825, 1_500)] * 5


def agreement_with(wasm):
    """What is said of two runs whose second has these figures of one arm."""
    first, second = (
        exact_run({"envoy": ENVOY, "wasm-policy": figures, "lua": LUA}) for figures in (WASM, wasm)
    )
    return list(agreement_lines(compare(first, second), first.facts))


def test_medians_within_10_percent_agree():
    assert agreement_with([(median + 9, tail) for median, tail in WASM]) == [
        "All 2 added medians lie within 10 %."
    ]


def test_medians_that_lie_apart_say_how_noisy_the_machine_was():
    told, so = agreement_with([(median + 50, tail) for median, tail in WASM])
    # 0 and 50 ticks of 512 ns; 100 ticks were added before, so 50 %.
    assert told.startswith(
        "1 of 2 added medians lie within 10 % of each other, half of them within 12.8 µs; "
        "farthest, by 25.6 µs: "
    )
    assert (
        so == "Both runs measured the same: the machine was too noisy to tell smaller differences."
    )


def test_a_change_of_the_version_is_not_called_noise():
    first, second = (
        exact_run({"envoy": ENVOY, "wasm-policy": figures})
        for figures in (WASM, [(median + 50, tail) for median, tail in WASM])
    )
    environment = {**second.facts.environment, "commit": "another"}
    second = replace(second, facts=replace(second.facts, environment=environment))
    assert len(list(agreement_lines(compare(first, second), first.facts))) == 1


def test_a_change_is_the_difference_of_medians():
    slower = [(median + 50, tail + 50) for median, tail in WASM]
    runs = [exact_run({"envoy": ENVOY, "wasm-policy": arm}) for arm in (WASM, slower)]
    (change,) = (
        change
        for change in compare(*runs).changes
        if (change.arm, change.quantile) == ("wasm-policy", 0.5)
    )
    # 100 ticks of 512 ns before, 50 more after, each ± 2 at most.
    assert (change.before, change.after) == (100 * 512, 150 * 512)
    assert change.change.value == 50 * 512
    assert 46 * 512 <= change.change.low < change.change.high <= 54 * 512
    assert change.slowdown == 0.5
    assert change.differs


def test_too_few_answers_are_not_compared():
    runs = [exact_run({"envoy": ENVOY, "wasm-policy": WASM}, count=180)] * 2
    found = compare(*runs)
    assert [(change.arm, change.quantile) for change in found.changes] == [
        ("envoy", 0.5),
        ("envoy", 0.9),
        ("wasm-policy", 0.5),
        ("wasm-policy", 0.9),
    ]
    assert found.skipped_count == 4


def test_what_only_one_run_has_is_counted():
    fewer = second(scenarios=("access",), arms=("direct", "envoy", "lua"))
    found = compare(FIRST, fewer)
    # 10 and 9 arms; 3 of them are shared
    assert (found.only_before, found.only_after) == (16, 0)
    assert {change.arm for change in found.changes} == {"direct", "envoy", "lua"}
    assert (compare(fewer, FIRST).only_before, compare(fewer, FIRST).only_after) == (0, 16)


def test_facts_of_the_machine_that_differ_are_named():
    other = replace(
        FIRST, facts=replace(FIRST.facts, environment={"cores": "4", "envoy": "1.40.0"})
    )
    assert compare(FIRST, other).environment == [
        ("processor", "An honest CPU", "unknown"),
        ("cores", "2", "4"),
    ]


def change(before: float, more: float, quantile: float | None = 0.5, *, differs: bool = True):
    estimate = Estimate(value=more, low=more, high=more)
    return Change(
        cell=base_cell(),
        arm="lua",
        quantile=quantile,
        before=before,
        change=estimate,
        differs=differs,
    )


@pytest.mark.parametrize(
    ("found", "slowdown"),
    [
        (change(200, 30), 0.15),
        (change(200, -30), -0.15),
        (change(200, 30, None), -0.15),  # more throughput is better
        (change(200, -30, None), 0.15),
        (change(-5, 30), math.inf),  # nothing was added before
        (change(0, -30), -math.inf),
    ],
)
def test_how_much_slower_a_change_is(found, slowdown):
    assert found.slowdown == slowdown


def test_only_differences_beyond_noise_and_beyond_the_limit_count_as_slower():
    found = compare(FIRST, FIRST)
    worse, little, unsure = change(100, 11), change(100, 9), change(100, 50, differs=False)
    comparison = replace(found, changes=[little, worse, unsure])
    assert comparison.slower_than(0.1) == [worse]


def test_throughput_is_compared_in_saturation():
    made_up = replace(MADE_UP, has_sweeps=True, scenarios=("access",), arms=("envoy",))
    before = made_up_run(made_up)
    after = replace(
        before,
        measured=[
            replace(one, elapsed_s=one.elapsed_s * (1.3 + 0.01 * one.repetition))
            for one in before.measured
        ],
    )
    (found,) = (change for change in compare(before, after).changes if change.quantile is None)
    assert (found.arm, found.cell.sweep, found.differs) == ("envoy", "saturation", True)
    assert (found.before, found.after) == (4_000, pytest.approx(4_000 / 1.32))
