"""Sentences on runs of which each figure is known: a tick is 0.512 µs."""

from dataclasses import replace

from benchmarks.report.summary import summarize
from benchmarks.report.verdict import Paragraph, verdict
from tests.benchmarks.made_up import exact_run

TITLE = (
    "Access control: 95 % cache hits, 200 requests/s over 8 connections, HTTP/1.1, poisson pacing, "
    "10 rules, 25 attributes"
)
ENVOY = [(625 + drift, 1_000 + drift) for drift in (0, 10, 50, 20, 30)]
"""Median and p99 in five repetitions: 320 µs and 512 µs, on a machine that drifts."""
CPU = "0.120 s of CPU per 1,000 requests; Envoy alone takes 0.120 s"
MIXER_CPU = (
    "0.150 s of CPU per 1,000 requests; Envoy alone takes 0.120 s; 0.0500 policy calls per request"
)


def slower(*added: tuple[int, int]) -> list[tuple[int, int]]:
    """So many ticks slower than Envoy alone at the median and at p99, by repetition."""
    return [(m + a, p + b) for (m, p), (a, b) in zip(ENVOY, added, strict=False)]


WASM = slower((100, 200), (98, 190), (102, 210), (99, 195), (101, 205))
MIXER = slower((300, 4_000), (297, 3_900), (306, 4_100), (298, 3_950), (302, 4_050))


def sentences(wasm=WASM, mixer=MIXER, envoy=ENVOY, count=1_000) -> list[str]:
    ticks = {"envoy": envoy, "wasm-policy": wasm, "mixer-client": mixer}
    (paragraph,) = verdict(summarize(exact_run(ticks, count)))
    assert paragraph.title == TITLE
    return list(paragraph.sentences)


def test_what_differs_clearly_is_said_with_its_intervals():
    assert sentences() == [
        # 100 (98…102) and 200 (190…210) ticks; times from 524 µs on are rounded up by 0.26 µs more
        "Policy filter (WebAssembly): adds 51.2 (50.2…52.2) µs to the median, "
        f"adds 103 (98…108) µs to the p99; {CPU}.",
        # 300 (297…306) and 4,000 (3,900…4,100) ticks
        "Mixer, its client in Envoy: adds 154 (152…157) µs to the median, "
        f"adds 2.05 (2.00…2.10) ms to the p99; {MIXER_CPU}.",
        # 200 (199…204) ticks, and 3, 297/98, 3, 298/99, 302/101: 3.00 (2.99…3.03) times
        "Mixer, its client in Envoy against Policy filter (WebAssembly): "
        "slower by 102 (102…104) µs at the median, 3.00 (2.99…3.03) times the added latency; "
        "slower by 1.95 (1.90…1.99) ms at the p99, 20.0 (19.5…20.5) times the added latency.",
        # half of 306 - 297 ticks
        "Differences of medians below 2.30 µs can't be seen in this run.",
    ]


def test_arms_whose_difference_is_within_noise_cant_be_told_apart():
    mixer = slower((101, 190), (90, 200), (105, 200), (95, 200), (103, 200))
    # By pairs 1, -8, 3, -4, 2 ticks at the median; -10, 10, -10, 5, -5 at p99
    assert sentences(mixer=mixer)[2] == (
        "Mixer, its client in Envoy against Policy filter (WebAssembly): "
        "can't be told apart at the median here (−4.10…1.54 µs); "
        "can't be told apart at the p99 here (−5.12…5.12 µs)."
    )


def test_an_arm_that_adds_nothing_is_said_to_add_nothing_that_can_be_seen():
    found = sentences(wasm=slower((3, 20), (-2, -10), (1, 0), (0, 5), (2, 10)))
    assert found[0] == (
        "Policy filter (WebAssembly): "
        "adds nothing to the median that can be told from noise (−1.02…1.54 µs), "
        f"adds nothing to the p99 that can be told from noise (−5.1…10.2 µs); {CPU}."
    )
    # It is slower, but nobody can say how many times.
    assert found[2].startswith(
        "Mixer, its client in Envoy against Policy filter (WebAssembly): "
        "slower by 153 (152…156) µs at the median; slower by "
    )


def test_an_arm_that_is_faster_takes_something_off():
    wasm = slower((-100, -200), (-98, -190), (-102, -210), (-99, -195), (-101, -205))
    assert sentences(wasm=wasm)[0] == (
        "Policy filter (WebAssembly): takes 51.2 (50.2…52.2) µs off the median, "
        f"takes 102 (97…108) µs off the p99; {CPU}."
    )


def test_the_main_arm_may_be_the_faster_one():
    assert sentences(wasm=MIXER, mixer=WASM)[2] == (
        "Mixer, its client in Envoy against Policy filter (WebAssembly): "
        "faster by 102 (102…104) µs at the median; faster by 1.95 (1.90…1.99) ms at the p99."
    )


def test_one_sentence_is_enough_if_there_is_not_enough_data():
    assert sentences(envoy=ENVOY[:4], wasm=WASM[:4], mixer=MIXER[:4]) == [
        "There is not enough data to say anything: 4 of 5 repetitions."
    ]


def test_a_quantile_without_enough_answers_gets_no_figure():
    found = sentences(count=180)
    assert found[0] == (
        "Policy filter (WebAssembly): adds 51.2 (50.2…52.2) µs to the median, "
        f"not enough data for the p99 (900 of 1,000 answers); {CPU}."
    )
    assert found[2].endswith("not enough data to compare the p99 (900 of 1,000 answers).")


def test_a_noisy_machine_is_called_noisy():
    # Half of 130 - 80 ticks is a quarter of their middle.
    wasm = slower((100, 200), (80, 190), (130, 210), (90, 195), (110, 205))
    assert sentences(wasm=wasm)[-1] == (
        "The machine was too noisy for differences below 12.8 µs: "
        "an added median is known to ± 25 % only, and 10 % is wanted."
    )


def test_a_quick_run_gets_no_verdict():
    run = exact_run({"envoy": ENVOY, "wasm-policy": WASM})
    assert verdict(summarize(replace(run, facts=replace(run.facts, is_quick=True)))) == []


def test_without_envoy_alone_nothing_can_be_said():
    assert verdict(summarize(exact_run({"wasm-policy": WASM}))) == [
        Paragraph(
            title=TITLE,
            sentences=["There is not enough data to say anything: Envoy alone was not measured."],
        )
    ]


def test_without_arms_that_decide_something_only_noise_is_left_to_say():
    assert verdict(summarize(exact_run({"envoy": ENVOY}))) == []
