from dataclasses import replace

import pytest

from benchmarks.cell import Resumption
from benchmarks.page.facts import machine_table
from benchmarks.report.summary import summarize
from benchmarks.report.tables import Taken
from benchmarks.report.taken import stolen_sentence, taken
from benchmarks.report.verdict import verdict
from benchmarks.report.wording import warnings
from tests.benchmarks.made_up import MadeUp, made_up_run

SHORT = MadeUp(scenarios=("access",), arms=("envoy", "wasm-policy"), has_sweeps=False)


def test_the_median_and_the_most_are_kept():
    assert taken([0.02, None, 0.06, 0.021]) == Taken(median=0.021, most=0.06)
    assert taken([None]) is None


@pytest.mark.parametrize(
    ("taken", "text"),
    [
        (None, None),
        (Taken(median=0.01, most=0.2), None),
        (
            Taken(median=0.021, most=0.06),
            "The host took 2.1 % of CPU time, up to 6 % in a measurement: what it does to others "
            "is in the noise, and in the tails, of all arms.",
        ),
    ],
)
def test_it_is_worth_a_word_from_one_percent_on(taken, text):
    assert stolen_sentence(taken) == text


def test_a_run_tells_what_the_host_took():
    summary = summarize(made_up_run(replace(SHORT, stolen_share=0.03)))
    assert summary.stolen == summary.noise[0].stolen == Taken(median=0.03, most=0.03)
    words = "3 % of CPU time, up to 3 % in a measurement"
    assert ("the host took", words) in machine_table(summary).rows
    (paragraph,) = verdict(summary)
    assert paragraph.sentences[-1].startswith(f"The host took {words}: ")


def test_a_run_tells_what_other_programs_took_and_warns_of_it():
    summary = summarize(made_up_run(replace(SHORT, others_share=0.03)))
    words = "3 % of CPU time, up to 3 % in a measurement"
    assert ("other programs took", words) in machine_table(summary).rows
    assert warnings(summary) == [f"Other programs took {words}: let nothing else run."]


def test_a_machine_that_did_hardly_anything_else_is_quiet_enough():
    assert warnings(summarize(made_up_run(replace(SHORT, others_share=0.01)))) == []


def test_where_nobody_knows_nothing_is_said():
    summary = summarize(made_up_run(SHORT))
    assert (summary.stolen, summary.others, summary.noise[0].stolen) == (None, None, None)
    assert not {"the host took", "other programs took"} & dict(machine_table(summary).rows).keys()


def test_a_run_that_was_resumed_says_so():
    run = made_up_run(SHORT)
    resumed = tuple(Resumption(when=when, commit="two") for when in ("Tuesday", "Friday"))
    facts = replace(run.facts, resumed=resumed, environment={"commit": "one"})
    summary = summarize(replace(run, facts=facts))
    assert warnings(summary) == [
        "Measured in 3 sessions: begun 2026-01-31T12:00:00Z, resumed Tuesday, Friday.",
        "The commit was not the same in all sessions: one, two.",
    ]
    assert ("resumed", "Tuesday, Friday") in machine_table(summary).rows
