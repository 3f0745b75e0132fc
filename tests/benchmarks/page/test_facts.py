from dataclasses import replace

import pytest

from benchmarks.page.facts import (
    claim_table,
    knee_table,
    machine_table,
    noise_table,
    order_lines,
    refusal_table,
    rejection_table,
)
from benchmarks.report.summary import summarize
from benchmarks.run.store import Run
from tests.benchmarks.made_up import MadeUp, made_up_run

CELL = (
    "Access control: 95 % cache hits, 200 requests/s over 8 connections, HTTP/1.1, "
    "poisson pacing, 10 rules, 25 attributes"
)


@pytest.fixture(scope="module")
def small():
    return made_up_run(
        MadeUp(
            scenarios=("access",),
            arms=("envoy", "lua"),
            has_sweeps=False,
            rejected=frozenset({("lua", 0), ("lua", 3)}),
        )
    )


def test_the_machine_and_how_to_repeat_the_run(small):
    assert machine_table(summarize(small)).rows == [
        ("started", "2026-01-31T12:00:00Z"),
        ("took", "2 minutes"),
        ("command", "python -m benchmarks run"),
        ("seed", "1"),
        ("protocol", "HTTP/1.1"),
        ("pacing", "poisson"),
        ("processor", "An honest CPU"),
        ("cores", "2"),
        ("envoy", "1.40.0"),
    ]


def test_equal_rejections_are_counted(small):
    why = "the generator was the bottleneck: send lag 4.1 ms"
    assert rejection_table(small).rows == [("Lua in Envoy", CELL, "2", why)]


def test_refusals_have_titles(summary):
    title = summary.facts.arms["noop-ext-authz"]
    assert refusal_table(summary).rows == [(title, "All with telemetry", "it has no telemetry")]


def test_claims_are_counted_over_all_measurements(small):
    broken = replace(small.measured[0], claims=(("upstream: requests", 1, 2, 2),))
    run = Run(facts=small.facts, measured=[broken, *small.measured[1:]])
    assert claim_table(run).rows == [
        ("Envoy alone", "upstream: requests", "5", "4"),
        ("Lua in Envoy", "upstream: requests", "5", "all"),
    ]


def test_the_order_has_a_line_for_each_repetition(small):
    assert order_lines(small.facts) == [f"{number}: 0/envoy 0/lua" for number in range(5)]


def test_knees_say_if_they_may_lie_higher(summary):
    rows = knee_table(summary).rows
    assert rows[0] == ("No Envoy", "3,200 or more", "Access control")
    assert ("Mixer, Envoy's ext_authz", "400", "Access control") in rows


def test_noise_is_told_for_each_base_cell(summary):
    cells, spreads, floors, _, verdicts = zip(*noise_table(summary).rows, strict=True)
    assert cells[0] == CELL
    assert all(spread.endswith(" %") for spread in spreads)
    assert all(floor.endswith(" µs") for floor in floors)
    assert set(verdicts) <= {"", "too noisy"}
