import re

from benchmarks.report.summary import summarize
from benchmarks.report.verdict import verdict
from tests.benchmarks.made_up import MadeUp, made_up_run

ARMS = ("direct", "envoy", "wasm-policy", "mixer-client", "ext-authz")
RUN = made_up_run(MadeUp(scenarios=("access",), arms=ARMS, noise=0.002))
SAID = {paragraph.title: paragraph.sentences for paragraph in verdict(summarize(RUN))[1:]}


def without_figures(title: str) -> list[str]:
    return [re.sub(r"[−\d.,]+ \([^)]*\) [mµ]s", "#", sentence) for sentence in SAID[title]]


def test_all_sweeps_and_the_knees_are_spoken_of():
    assert list(SAID) == [
        "Access control, by connections",
        "Access control, by requests per second",
        "Access control, by share of cache hits",
        "Access control, by rules",
        "Access control, by attributes",
        "Access control, by delay of the adapter, in ms",
        "Knees",
    ]


def test_what_rises_or_falls_and_what_does_not():
    # 1 of 100 answers needs a call at 99 % hits: p99 lies at the edge, so that nothing is sure.
    assert without_figures("Access control, by share of cache hits") == [
        "Mixer, its client in Envoy: the added median falls, # at 0 % and # at 99 %; "
        "the added p99 is not seen to change, # at 0 % and # at 99 %.",
        "Policy filter (WebAssembly): the added median is not seen to change, # at 0 % and # at "
        "99 %; the added p99 is not seen to change, # at 0 % and # at 99 %.",
    ]
    assert without_figures("Access control, by delay of the adapter, in ms")[0] == (
        "Mixer, its client in Envoy: the added median is not seen to change, # at 0 and # at 10; "
        "the added p99 rises, # at 0 and # at 10."
    )


def test_rates_past_the_knee_are_not_spoken_of():
    # 3,200 requests/s were measured, too.
    assert without_figures("Access control, by requests per second")[0] == (
        "Mixer, its client in Envoy: the added median rises, # at 100 and # at 1,600; "
        "the added p99 rises, # at 100 and # at 1,600."
    )


def test_each_arm_has_its_knee():
    assert SAID["Knees"] == [
        "Access control: p99 stays within 3 times that at the lowest rate, of the rates that were "
        "measured, up to: No Envoy: 3,200 requests/s or more; Envoy alone: 1,600 requests/s; "
        "Policy filter (WebAssembly): 1,600 requests/s; "
        "Mixer, its client in Envoy: 1,600 requests/s; Mixer, Envoy's ext_authz: 400 requests/s."
    ]
