import json
from dataclasses import dataclass, field, replace

import pytest

from benchmarks.cell import Cell, RunFacts
from benchmarks.load import LoadError
from benchmarks.load.record import histogram
from benchmarks.run.measurement import Task, measure
from benchmarks.run.order import shuffled
from benchmarks.run.plan import Plan, PlannedCell
from benchmarks.run.proof import ProofError
from benchmarks.run.recorder import Recorder
from benchmarks.run.runner import Runner
from benchmarks.run.store import read_run
from tests.benchmarks.run.fakes import MS, FakeLoad, arm, bench, record, scenario

BASE = Cell(scenario="access", sweep="base", rate_per_s=200, connections=8)
FASTER = replace(BASE, sweep="rate", rate_per_s=400)
SATURATED = replace(BASE, sweep="saturation", rate_per_s=0.0)
FACTS = RunFacts(
    format=2,
    started="2026-01-31T12:00:00+00:00",
    elapsed_s=0.0,
    command="python -m benchmarks run",
    seed=3,
    is_quick=False,
    protocol="http1",
    pacing="poisson",
    environment={"processor": "An honest CPU"},
    order=(),
    refusals={"telemetry/lua": "no metrics"},
    arms={"envoy": "Envoy", "wasm": "Wasm"},
    color_orders={"envoy": 1, "wasm": 4},
    scenarios={"access": "Access"},
)
LATE = {"cpu_s": 99.0}
BOTTLENECK = "the generator was the bottleneck: it took over 90% of a core"


@dataclass
class Lines:
    """Notes what would be shown."""

    lines: list[str] = field(default_factory=list)

    def begins(self, what, left_s):
        self.lines.append(f"{what} ({left_s:.0f} s)")

    def ended(self, outcome):
        self.lines.append(outcome)


def plan_of(*cells, repetition_count=1, is_quick=False, arms=("envoy", "wasm")):
    planned = tuple(PlannedCell(cell=cell, arms=arms, duration_s=1.0) for cell in cells)
    return Plan(cells=planned, repetition_count=repetition_count, is_quick=is_quick)


def run(folder, plan, load=None, *, arms=None, of=None, lines=None):
    """What the folder holds afterwards."""
    seconds = iter(range(1_000))
    runner = Runner(
        bench=bench(load or FakeLoad(), of),
        arms={one.name: one for one in arms or (arm("envoy", has_policy=False), arm("wasm"))},
        recorder=Recorder(folder, FACTS, lambda: 42.0),
        display=lines or Lines(),
        seed=3,
        clock=lambda: float(next(seconds)),
    )
    runner.run(plan)
    return read_run(folder)


def test_everything_planned_is_measured_and_stored_in_the_order_of_the_seed(tmp_path):
    plan = plan_of(BASE, FASTER, repetition_count=2)
    stored = run(tmp_path, plan)
    steps = shuffled(plan, 3)
    assert [(one.repetition, one.cell, one.arm) for one in stored.measured] == [
        (step.repetition, step.planned.cell, step.arm) for step in steps
    ]
    assert stored.facts == replace(FACTS, order=tuple(step.name for step in steps), elapsed_s=42.0)


def test_what_is_stored_is_what_was_observed(tmp_path):
    (measured,) = run(tmp_path, plan_of(BASE, arms=("wasm",))).measured
    ideal = record(count=200)
    uses = measured.processes
    assert measured.processes.keys() == {"envoy", "upstream"}
    assert all(use.cpu_s >= 0 and use.rss_bytes > 1_000_000 for use in uses.values())
    assert replace(measured, processes={}) == replace(
        measured,
        arm="wasm",
        cell=BASE,
        repetition=0,
        elapsed_s=1.0,
        sent_count=200,
        answered_count=200,
        by_status={200: 200},
        latency_ns=ideal.latency_ns,
        send_lag_ns=ideal.send_lag_ns,
        generator_cpu_s=0.1,
        processes={},
        policy_call_count=7,  # 17 - 10
        warm_up_s=0.5,
        claims=(("seen", 300, 300, 300),),  # 100 of the warm-up, too
        trusted_quantile=0.999,
        kept_up=True,
        rejection=None,
    )


def test_all_arms_get_the_same_requests(tmp_path):
    load = FakeLoad()
    run(tmp_path, plan_of(BASE), load)
    one, other = load.measured()
    assert replace(one, address="") == replace(other, address="")
    assert {one.address, other.address} == {"envoy:80", "wasm:80"}


def test_every_measurement_starts_its_arm_anew_and_ends_it(tmp_path):
    stops = []
    run(
        tmp_path, plan_of(BASE, repetition_count=2, arms=("wasm",)), arms=[arm("wasm", stops=stops)]
    )
    assert stops == ["wasm", "wasm"]


def test_a_claim_that_fails_ends_the_run_and_is_stored(tmp_path):
    stops = []
    idle = arm("wasm", lambda _: 0, stops=stops)
    plan = plan_of(BASE, repetition_count=5, arms=("wasm",))
    text = "wasm in repetition 1, access, base, wasm: seen: counted 0, must be 300"
    with pytest.raises(ProofError) as raised:
        run(tmp_path, plan, arms=[idle])
    assert str(raised.value) == text
    assert stops == ["wasm"]
    assert [one.rejection for one in read_run(tmp_path).measured] == [f"no proof: {text}"]


def test_a_wrong_verdict_ends_the_run(tmp_path):
    load = FakeLoad(answers=lambda _, ideal: replace(ideal, by_status={200: 199, 403: 1}))
    with pytest.raises(ProofError, match="199 × 200, 1 × 403, must be 200 × 200$"):
        run(tmp_path, plan_of(BASE, arms=("wasm",)), load)


def test_two_arms_that_disagree_on_a_foreign_policy_end_the_run(tmp_path):
    arms = [arm("envoy"), arm("wasm")]

    def answers(plan, ideal):
        return replace(ideal, by_status={403: 200}) if plan.address == "wasm:80" else ideal

    with pytest.raises(ProofError, match="must be .* as in "):
        run(tmp_path, plan_of(BASE), FakeLoad(answers), arms=arms, of=scenario(status=None))


def test_an_arm_without_a_policy_need_not_agree(tmp_path):
    def answers(plan, ideal):
        return replace(ideal, by_status={403: 200}) if plan.address == "wasm:80" else ideal

    load = FakeLoad(answers)
    stored = run(tmp_path, plan_of(BASE), load, of=scenario(status=None))
    assert len(stored.measured) == 2


@pytest.mark.parametrize(
    ("slow_count", "is_quick", "rejection", "tried_count"),
    [
        (0, False, None, 1),
        (1, False, None, 2),
        (2, False, BOTTLENECK, 2),
        # A quick run has no figures to be right about.
        (1, True, BOTTLENECK, 1),
    ],
)
def test_what_is_rejected_is_measured_once_more(
    tmp_path, slow_count, is_quick, rejection, tried_count
):
    left = [LATE] * slow_count

    def answers(plan, ideal):
        is_warm_up = plan.duration_s == 0.5
        return ideal if is_warm_up or not left else replace(ideal, **left.pop())

    load = FakeLoad(answers)
    stored = run(tmp_path, plan_of(BASE, is_quick=is_quick, arms=("wasm",)), load)
    assert [one.rejection for one in stored.measured] == [rejection]
    assert len(list(load.measured())) == tried_count


def test_a_late_tail_is_withheld_and_not_measured_again(tmp_path):
    # 2 in 100 left 20 ms late, and all that took longer than 2 ms may be these.
    late = {
        "latency_ns": histogram([2 * MS] * 196 + [22 * MS] * 4),
        "send_lag_ns": histogram([50_000] * 196 + [20 * MS] * 4),
    }
    load = FakeLoad(lambda _, ideal: replace(ideal, **late))
    (measured,) = run(tmp_path, plan_of(BASE, arms=("wasm",)), load).measured
    assert (measured.rejection, measured.trusted_quantile) == (None, 0.9)
    assert len(list(load.measured())) == 1


@pytest.mark.parametrize(("elapsed_s", "kept_up"), [(1.06, True), (1.5, False)])
def test_a_load_that_was_not_over_in_time_is_marked(tmp_path, elapsed_s, kept_up):
    load = FakeLoad(lambda _, ideal: replace(ideal, elapsed_s=elapsed_s))
    (measured,) = run(tmp_path, plan_of(FASTER, arms=("wasm",)), load).measured
    assert (measured.rejection, measured.kept_up) == (None, kept_up)


def test_an_arm_that_could_not_keep_up_need_not_prove_its_work(tmp_path):
    load = FakeLoad(lambda _, ideal: replace(ideal, elapsed_s=3.0))
    lossy = arm("wasm", lambda sent: sent.count - 1)
    stored = run(tmp_path, plan_of(FASTER, arms=("wasm",)), load, arms=[lossy])
    assert [one.rejection for one in stored.measured] == [
        "it could not keep up, and so not prove its work either"
    ]


@pytest.mark.parametrize(("cell", "is_excused"), [(BASE, False), (FASTER, True)])
def test_failures_are_excused_beyond_the_base_only(cell, is_excused, tmp_path):
    load = FakeLoad(lambda _, ideal: replace(ideal, by_status={200: ideal.sent_count - 1, 503: 1}))
    task = Task(arm=arm("wasm"), cell=cell, repetition=0, duration_s=1.0, seed=1)
    assert (measure(task, bench(load)).faults == []) is is_excused


def test_in_saturation_proofs_are_asked_for_as_well(tmp_path):
    idle = arm("wasm", lambda _: 0)
    with pytest.raises(ProofError, match="counted 0, must be 1,500$"):
        run(tmp_path, plan_of(SATURATED, arms=("wasm",)), arms=[idle])


@pytest.mark.parametrize("ending", [KeyboardInterrupt(), LoadError("nobody listens")])
def test_a_run_that_is_cut_short_leaves_what_was_measured(tmp_path, ending):
    stops = []
    arms = [arm("envoy", has_policy=False, stops=stops), arm("wasm", stops=stops)]

    def answers(_, ideal):
        if len(stops) == 3:
            raise ending
        return ideal

    with pytest.raises(type(ending)):
        run(tmp_path, plan_of(BASE, FASTER), FakeLoad(answers), arms=arms)
    stored = read_run(tmp_path)
    assert len(stored.measured) == len(stored.facts.order) == 3
    assert len(stops) == 4
    assert [file.name for file in sorted(tmp_path.rglob("*.json"))] == [
        *("0001.json", "0002.json", "0003.json", "run.json"),
    ]


def test_refusals_are_in_the_folder(tmp_path):
    run(tmp_path, plan_of(BASE, arms=("wasm",)))
    document = json.loads((tmp_path / "run.json").read_text())
    assert document["refusals"] == {"telemetry/lua": "no metrics"}


def test_what_is_going_on_is_shown_with_the_time_left(tmp_path):
    lines = Lines()
    run(tmp_path, plan_of(BASE, repetition_count=2, arms=("wasm",)), lines=lines)
    # The clock goes on by a second with each look: once at the start, once for each measurement.
    assert lines.lines == [
        "repetition 1, access, base, wasm (8 s)",
        "median 2.00 ms",
        "repetition 2, access, base, wasm (2 s)",
        "median 2.00 ms",
    ]
