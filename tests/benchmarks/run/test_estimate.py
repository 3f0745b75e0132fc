from dataclasses import replace
from datetime import datetime

import pytest

from benchmarks.cell import Cell
from benchmarks.run.estimate import announcement, duration_of_s, duration_s, in_words, left_s
from benchmarks.run.order import shuffled
from benchmarks.run.plan import Plan, PlannedCell
from benchmarks.scenario import Workload

CELL = Cell(scenario="access", sweep="base", rate_per_s=200, connections=8)
PLANNED = PlannedCell(cell=CELL, arms=("envoy", "wasm-policy"), duration_s=12.0)
PLAN = Plan(cells=(PLANNED,), repetition_count=5, is_quick=False)


def test_a_plan_takes_the_time_of_its_measurements_and_what_lies_around_them():
    # 3 s around each; 0.5 ms for each of 10 rules.
    assert duration_s(PLAN) == pytest.approx(5 * 2 * (12 + 3.0 + 0.005))


def test_a_quick_plan_takes_less_around():
    assert duration_s(replace(PLAN, is_quick=True)) == pytest.approx(10 * (12 + 2.5 + 0.005))


def test_many_rules_take_time_to_read():
    many = replace(CELL, workload=Workload(rule_count=10_000))
    plan = replace(PLAN, cells=(replace(PLANNED, cell=many),))
    assert duration_s(plan) == pytest.approx(10 * (12 + 3.0 + 5))


def test_some_steps_take_their_part_of_the_whole():
    steps = shuffled(PLAN, seed=1)
    assert duration_of_s(PLAN, steps[:5]) == pytest.approx(duration_s(PLAN) / 2)


def test_what_is_left_takes_as_long_as_it_was_going_up_to_now():
    steps = shuffled(PLAN, seed=1)
    assert left_s(PLAN, [], steps, 0.0) == pytest.approx(duration_s(PLAN))
    # Four of ten took 100 s, so six take 150.
    assert left_s(PLAN, steps[:4], steps[4:], 100.0) == pytest.approx(150.0)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "1 second"),
        (42.4, "42 seconds"),
        (89, "89 seconds"),
        (95, "2 minutes"),
        (38 * 60 + 10, "38 minutes"),
        (3600, "1 hour"),
        (3661 + 60, "1 hour 2 minutes"),
        (2 * 3600 + 59, "2 hours 1 minute"),
    ],
)
def test_durations_in_words(seconds, words):
    assert in_words(seconds) == words


@pytest.mark.parametrize(
    ("hours", "text"),
    [(0.5, "about 30 minutes, until 22:12"), (3, "about 3 hours, until Sunday 00:42")],
)
def test_an_announcement_says_until_when_and_the_day_if_it_is_another(hours, text):
    assert announcement(hours * 3600, datetime(2026, 1, 31, 21, 42)) == text  # noqa: DTZ001
