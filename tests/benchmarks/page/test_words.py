from dataclasses import replace

import pytest

from benchmarks.page.words import Sentence, findings, sentence
from benchmarks.report.summary import summarize
from benchmarks.run.store import Run
from tests.benchmarks.made_up import MadeUp, made_up_run


@pytest.mark.parametrize(
    ("text", "split"),
    [
        (
            "Lua in Envoy: adds 35.8 (29.7…36.9) µs to the median.",
            Sentence(
                subject="Lua in Envoy:",
                rest="adds 35.8\u00a0(29.7\u2060…\u206036.9)\u00a0µs to the median.",
            ),
        ),
        (
            "Nothing is known below 8.19 µs.",
            Sentence(subject="", rest="Nothing is known below 8.19\u00a0µs."),
        ),
        ("At 95 % of (all)", Sentence(subject="", rest="At 95\u00a0% of (all)")),
        (
            "a (−3.00…12.0 µs)",
            Sentence(subject="", rest="a (−3.00\u2060…\u206012.0\u00a0µs)"),
        ),
    ],
)
def test_a_sentence_begins_with_what_it_is_about_and_its_figures_do_not_break(text, split):
    assert sentence(text) == split


def test_the_verdict_is_first_about_the_main_arms(summary):
    access, telemetry = findings(summary)
    assert access.title.startswith("Access control: 95 % cache hits")
    assert telemetry.title.startswith("All with telemetry: 95 % cache hits")
    client, wasm = (summary.facts.arms[arm] for arm in ("mixer-client", "wasm-policy"))
    assert [text.partition(": ")[0] for text in access.main[:3]] == [
        wasm,
        client,
        f"{client} against {wasm}",
    ]
    assert len(access.main) == 4  # and one about the machine
    lua = summary.facts.arms["lua"]
    subjects = [text.partition(": ")[0] for text in access.others]
    assert lua in subjects
    assert f"{client} against {lua}" in subjects
    assert len(subjects) == 6 + 6


def test_a_quick_run_has_no_verdict():
    run = made_up_run(MadeUp(scenarios=("access",), has_sweeps=False, arms=("envoy", "lua")))
    quick = Run(facts=replace(run.facts, is_quick=True), measured=run.measured)
    assert findings(summarize(quick)) == []
