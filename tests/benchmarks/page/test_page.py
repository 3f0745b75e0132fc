"""The page of a made-up run: what is drawn, what is said, and that it needs nothing else."""

from dataclasses import replace

import pytest

from benchmarks.cell import RunFacts
from benchmarks.page import write_page
from benchmarks.run.store import Run
from tests.benchmarks.made_up import MadeUp, made_up_run
from tests.benchmarks.page.drawn import References, charts, figure_text, plain, series, texts

WITHOUT_POLICY = ("direct", "envoy")
SWEEPS = ("hits", "connections", "rate", "rules", "attributes", "delay")


def page_of(run, folder):
    file = folder / "page.html"
    write_page(run, file)
    return file.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def drawn(page):
    return charts(page)


@pytest.fixture(scope="module")
def policies(run):
    return [arm for arm in run.facts.arms if arm not in WITHOUT_POLICY]


def test_all_charts_are_there_for_screens_and_for_phones(drawn):
    assert list(drawn) == [
        *("curves-access", "added-access", "cpu-access"),
        *("curves-telemetry", "added-telemetry", "cpu-telemetry"),
        *(f"{sweep}-access" for sweep in SWEEPS),
        "saturation-access",
    ]
    for drawings in drawn.values():
        widths = {name: float(svg.get("viewBox").split()[2]) for name, svg in drawings.items()}
        assert widths == {"wide": 920, "narrow": 350}


@pytest.mark.parametrize("layout", ["wide", "narrow"])
def test_each_arm_has_a_curve_and_its_name_beside_it(run, drawn, layout):
    svg = drawn["curves-access"][layout]
    assert series(svg) == list(run.facts.arms)
    assert set(run.facts.arms.values()) < set(texts(svg))
    assert {"50 %", "90 %", "99 %", "99.9 %", "Latency", "1 ms"} < set(texts(svg))


@pytest.mark.parametrize("layout", ["wide", "narrow"])
def test_each_policy_has_a_bar_for_the_median_and_one_for_p99(drawn, policies, layout):
    svg = drawn["added-telemetry"][layout]
    able = [arm for arm in policies if arm not in ("noop-ext-authz", "lua")]
    assert series(svg) == [*able, *able]
    assert {"Added to the median", "Added to the p99"} < set(texts(svg))


def test_an_arm_with_too_few_repetitions_has_no_bar_and_says_so(drawn):
    svg = drawn["added-access"]["wide"]
    assert "lua" not in series(svg)
    assert texts(svg).count("Lua in Envoy") == 2
    assert texts(svg).count("not enough") == 2


def test_bars_have_their_figures_beside_them(summary, drawn):
    figure = summary.base[0].rows["mixer-client"].added_ns[0.5]
    low, value, high = (round(ns / 1_000) for ns in (figure.low, figure.value, figure.high))
    assert f"{value} ({low}…{high}) µs" in texts(drawn["added-access"]["wide"])


@pytest.mark.parametrize("layout", ["wide", "narrow"])
def test_cpu_is_in_two_parts_of_which_the_proxy_is_the_pale_one(run, drawn, layout):
    svg = drawn["cpu-access"][layout]
    with_proxy = [arm for arm in run.facts.arms if arm != "direct"]
    assert series(svg) == [arm for arm in with_proxy for _ in range(2)]
    bars = [each for each in svg.iter() if each.get("data-series") == "mixer-client"]
    opacities = ["opacity: 0.4" in bar.find("path").get("style") for bar in bars]
    assert opacities == [True, False]
    assert {"Envoy", "Mixer, or another policy service"} < set(texts(svg))
    assert "Seconds of CPU per 1,000 requests" in texts(svg)


@pytest.mark.parametrize("layout", ["wide", "narrow"])
@pytest.mark.parametrize("sweep", SWEEPS)
def test_each_policy_has_a_line_along_each_sweep_for_the_median_and_for_p99(
    drawn, policies, sweep, layout
):
    svg = drawn[f"{sweep}-access"][layout]
    assert series(svg) == [*policies, *policies]
    assert set(texts(svg)) > {"Added latency", "0", "1 ms"}


def test_the_axis_of_a_sweep_has_the_points_that_were_measured(drawn):
    words = texts(drawn["hits-access"]["wide"])
    assert {"0 %", "50 %", "80 %", "95 %", "99 %"} < set(words)
    assert "Share of cache hits, evenly spaced" in words


def test_each_arm_has_a_bar_of_throughput(run, drawn):
    assert series(drawn["saturation-access"]["wide"]) == list(run.facts.arms)


def test_an_arm_has_the_same_color_everywhere(drawn):
    for drawings in drawn.values():
        for svg in drawings.values():
            for each in svg.iter():
                if each.get("data-series") == "lua":
                    assert "var(--arm-1)" in each.find("path").get("style")


def test_an_arm_has_the_color_that_it_has_among_all_arms_even_if_few_were_measured(tmp_path):
    few = MadeUp(scenarios=("access",), has_sweeps=False, arms=("envoy", "wasm-policy"))
    for svg in charts(page_of(made_up_run(few), tmp_path))["curves-access"].values():
        (line,) = (each for each in svg.iter() if each.get("data-series") == "wasm-policy")
        assert "var(--arm-2)" in line.find("path").get("style")


def test_what_is_not_drawn_is_said_with_the_reason(page, run):
    refused = f"{run.facts.arms['noop-ext-authz']} was left out: it has no telemetry."
    assert refused in figure_text(page, "curves-telemetry")
    assert refused not in figure_text(page, "curves-access")
    rejected = (
        "Lua in Envoy: 1 of 5 measurements was rejected: "
        "the generator was the bottleneck: send lag 4.1 ms."
    )
    assert rejected in figure_text(page, "curves-access")
    few = "Lua in Envoy: not enough data for the median (4 of 5 repetitions)."
    assert few in figure_text(page, "added-access")
    assert "at 800, 1,600, 3,200, past the knee." in figure_text(page, "rate-access")


def test_the_numbers_of_a_chart_are_in_a_table_below(page, summary):
    ns = summary.base[0].rows["envoy"].latency_ns
    words = figure_text(page, "curves-access")
    assert f"Envoy alone {ns[0.5] / 1e3:.0f} µs {ns[0.9] / 1e3:.0f} µs" in words


def test_verdict_summary_method_and_machine_are_there(page, run):
    words = plain(page)
    assert words.startswith("What does each placement of a policy cost?")
    for part in (
        "Read this first",
        "Mixer, its client in Envoy against Policy filter (WebAssembly): slower by",
        "How this was measured",
        "The load is an open loop",
        "What can't be concluded",
        "processor An honest CPU",
        "seed 1",
        "command python -m benchmarks run",
        "Proof of work: what was counted",
    ):
        assert part in words
    assert run.facts.order[0].partition("/")[2] in words


def test_the_page_needs_nothing_else(page):
    references = References(page)
    assert not {"script", "link", "img", "iframe", "object"} & references.tags
    assert all(target.startswith("#") for target in references.targets)
    assert {target[1:] for target in references.targets} <= set(references.ids)
    assert "http" not in page


def test_ids_are_unique(page):
    ids = References(page).ids
    assert len(ids) == len(set(ids))


def test_the_page_is_small(page):
    assert len(page.encode()) < 3_000_000


def test_equal_runs_give_equal_bytes(tmp_path):
    made_up = MadeUp(scenarios=("access",), has_sweeps=False, arms=("direct", "envoy", "lua"))
    assert page_of(made_up_run(made_up), tmp_path) == page_of(made_up_run(made_up), tmp_path)


def test_texts_from_elsewhere_are_only_text(tmp_path):
    run = made_up_run(MadeUp(scenarios=("access",), has_sweeps=False, arms=("envoy", "lua")))
    facts = replace(
        run.facts,
        arms={"envoy": "Envoy alone", "lua": "<script>alert(1)</script> & $x$ $"},
        environment={"processor": "<b>bold</b>"},
    )
    page = page_of(Run(facts=facts, measured=run.measured), tmp_path)
    assert "<script>" not in page
    assert "<b>bold" not in page
    assert "<script>alert(1)</script> & $x$ $" in texts(charts(page)["curves-access"]["wide"])


def test_a_run_without_measurements_says_so(tmp_path):
    facts = RunFacts(
        format=1,
        started="2026-01-31T12:00:00Z",
        elapsed_s=0.0,
        command="python -m benchmarks run",
        seed=1,
        is_quick=False,
        protocol="http2",
        pacing="constant",
        environment={},
        order=(),
        refusals={"access/lua": "it has no Lua"},
        arms={"envoy": "Envoy alone", "lua": "Lua in Envoy"},
        color_orders={"envoy": 1, "lua": 3},
        scenarios={"access": "Access control"},
    )
    page = page_of(Run(facts=facts, measured=[]), tmp_path)
    words = plain(page)
    assert charts(page) == {}
    assert "Verdict None: no base cell was measured." in words
    assert "Access control Its base cell was not measured in this run." in words
    assert "Saturation was not measured in this run." in words
    assert "Lua in Envoy Access control it has no Lua" in words
    assert "constant distance. Requests are sent by HTTP/2." in words
    assert "protocol HTTP/2 pacing constant" in words


def test_a_run_with_too_few_repetitions_shows_latency_and_says_what_is_missing(tmp_path):
    run = made_up_run(
        MadeUp(scenarios=("access",), arms=("envoy", "lua"), has_sweeps=False, repetition_count=2)
    )
    quick = Run(facts=replace(run.facts, is_quick=True), measured=run.measured)
    page = page_of(quick, tmp_path)
    assert "Verdict None: a quick run shows that everything works" in plain(page)
    drawn = charts(page)
    assert series(drawn["curves-access"]["wide"]) == ["envoy", "lua"]
    assert drawn["added-access"] == {}
    words = figure_text(page, "added-access")
    assert "There is nothing to draw: no arm has figures here." in words
    assert "Lua in Envoy: not enough data for the median (2 of 5 repetitions)." in words


def test_an_arm_of_which_all_was_rejected_is_not_drawn(tmp_path):
    rejected = frozenset(("lua", repetition) for repetition in range(5))
    run = made_up_run(
        MadeUp(
            scenarios=("access",),
            arms=("envoy", "lua", "wasm-policy"),
            has_sweeps=False,
            rejected=rejected,
        )
    )
    page = page_of(run, tmp_path)
    drawn = charts(page)
    assert series(drawn["curves-access"]["wide"]) == ["envoy", "wasm-policy"]
    assert series(drawn["added-access"]["wide"]) == ["wasm-policy"] * 2
    words = figure_text(page, "added-access")
    assert "Lua in Envoy: all measurements were rejected: the generator was" in words
