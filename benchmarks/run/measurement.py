"""One measurement: an arm is started, warmed up, loaded, and made to prove its work."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Protocol

from benchmarks.arm import Arm, Claim, Place, Running, Sent
from benchmarks.cell import BASE, Cell, Measured, ProcessUse
from benchmarks.load import LoadPlan, LoadRecord
from benchmarks.run.host import host_times, others_share, own_s, stolen_share
from benchmarks.run.pinning import Pinning
from benchmarks.run.proof import different_statuses, expected_statuses, failed_claims
from benchmarks.run.rejection import has_failures, is_in_time, keeps_up, rejection
from benchmarks.run.sampling import usage, used_between
from benchmarks.run.trust import trusted_quantile
from benchmarks.run.warm_up import WarmUp, WarmUpOptions, warm_up
from benchmarks.scenario import Scenario, Workload

_UPSTREAM: Final = "upstream"
_SPIN_US: Final = 100.0


class UpstreamPort(Protocol):
    """What all arms send on to; see `benchmarks.placing.upstream`."""

    @property
    def pid(self) -> int:
        """The id of its process."""

    def address(self, name: str) -> str:
        """HOST:PORT for the arm of that name."""

    def count(self, name: str) -> int:
        """How many requests have come there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What all measurements of a run have in common."""

    load: Callable[[LoadPlan], LoadRecord]
    scenario: Callable[[str, Workload], Scenario]
    """Gives the scenario of a name, made for a workload."""
    upstream: UpstreamPort
    pinning: Pinning
    warm_up: WarmUpOptions = field(default_factory=WarmUpOptions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What is to be measured."""

    arm: Arm
    cell: Cell
    repetition: int
    duration_s: float
    seed: int
    """Draws the requests and when they leave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What was measured, and what is wrong with it."""

    measured: Measured
    faults: Sequence[str]
    """Why the arm can't have done its work; empty if it has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Observed:
    """What was seen of an arm that ran."""

    plan: LoadPlan
    warm: WarmUp
    record: LoadRecord
    processes: Mapping[str, ProcessUse]
    policy_call_count: int
    stolen_share: float | None
    others_share: float
    claims: Sequence[Claim]


def measure(task: Task, bench: Bench) -> Result:
    """Starts the arm for this alone, and ends it.

    Raises whatever starting the arm raises, LoadError, and ProcessGoneError.
    """
    workload = task.cell.workload or Workload()
    scenario = bench.scenario(task.cell.scenario, workload)
    with ExitStack() as stack:
        running = start(task.arm, scenario, workload, bench, stack)
        observed = _observe(task, bench, scenario, running)
    faults = list(_faults(task, scenario, observed))
    reason = rejection(observed.record)
    if faults and _is_overwhelmed(task, observed):
        reason, faults = "it could not keep up, and so not prove its work either", []
    return Result(measured=_measured(task, observed, reason), faults=faults)


def start(
    arm: Arm, scenario: Scenario, workload: Workload, bench: Bench, stack: ExitStack
) -> Running:
    """Runs an arm until the stack ends, on its cores."""
    folder = stack.enter_context(TemporaryDirectory(prefix="mixer-benchmark-"))
    place = Place(
        folder=Path(folder),
        upstream=bench.upstream.address(arm.name),
        upstream_count=lambda: bench.upstream.count(arm.name),
        cores=bench.pinning.arm,
    )
    running = arm.start(scenario, workload, place, stack)
    bench.pinning.pin(running.processes)
    return running


def load_plan(task: Task, address: str, scenario: Scenario, pinning: Pinning) -> LoadPlan:
    """The load of a measurement."""
    return LoadPlan(
        address=address,
        kinds=tuple(scenario.kinds),
        connections=task.cell.connections,
        duration_s=task.duration_s,
        rate_per_s=task.cell.rate_per_s,
        protocol=task.cell.protocol,
        pacing=task.cell.pacing,
        seed=task.seed,
        cores=pinning.load,
        spin_us=_SPIN_US if pinning.has_idle_load_core else 0.0,
    )


def _observe(task: Task, bench: Bench, scenario: Scenario, running: Running) -> _Observed:
    plan = load_plan(task, running.address, scenario, bench.pinning)
    warm = warm_up(bench.load, plan, bench.warm_up)
    pids = {**running.processes, _UPSTREAM: bench.upstream.pid}
    calls_before, before = running.policy_calls(), usage(pids)
    own_before_s, host_before = own_s(), host_times()
    record = bench.load(plan)
    host_after, generator_s = host_times(), own_s() - own_before_s
    after, calls_after = usage(pids), running.policy_calls()
    processes = used_between(before, after)
    ours_s = generator_s + sum(use.cpu_s for use in processes.values())
    by_status = Counter(warm.by_status) + Counter(record.by_status)
    return _Observed(
        plan=plan,
        warm=warm,
        record=record,
        processes=processes,
        policy_call_count=calls_after - calls_before,
        stolen_share=stolen_share(host_before, host_after),
        others_share=others_share(host_before, host_after, ours_s),
        claims=running.prove(Sent(by_status=by_status)),
    )


def _faults(task: Task, scenario: Scenario, observed: _Observed) -> Iterator[str]:
    yield from failed_claims(observed.claims)
    record, seed = observed.record, observed.plan.seed
    expected = expected_statuses(
        scenario.kinds, seed, record.planned_count, has_policy=task.arm.has_policy
    )
    if expected is not None and (different := different_statuses(expected, record.by_status)):
        yield different


def _is_overwhelmed(task: Task, observed: _Observed) -> bool:
    """Whether the load was too much: then an arm may give up on requests and on counting them."""
    if observed.warm.error_count or not keeps_up(observed.record, observed.plan):
        return True
    # That is how Envoy gives up; but where each arm is first judged it must not.
    return task.cell.sweep != BASE and has_failures(observed.record)


def _measured(task: Task, observed: _Observed, reason: str | None) -> Measured:
    record = observed.record
    return Measured(
        arm=task.arm.name,
        cell=task.cell,
        repetition=task.repetition,
        elapsed_s=record.elapsed_s,
        sent_count=record.sent_count,
        answered_count=record.answered_count,
        by_status=record.by_status,
        latency_ns=record.latency_ns,
        send_lag_ns=record.send_lag_ns,
        generator_cpu_s=record.cpu_s,
        processes=observed.processes,
        policy_call_count=observed.policy_call_count,
        warm_up_s=observed.warm.elapsed_s,
        claims=tuple((c.what, c.counted, c.least, c.most) for c in observed.claims),
        trusted_quantile=trusted_quantile(record.latency_ns, record.send_lag_ns),
        kept_up=is_in_time(record, observed.plan),
        stolen_share=observed.stolen_share,
        others_share=observed.others_share,
        rejection=reason,
    )
