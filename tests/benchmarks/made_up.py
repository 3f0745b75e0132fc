"""Runs that nobody measured: all arms, scenarios and sweeps, with figures of plausible shape.

The medians are the same in every run; `seed` only draws the noise.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import NormalDist

import numpy as np
from hdrh.histogram import HdrHistogram

from benchmarks.cell import Cell, Measured, ProcessUse, RunFacts
from benchmarks.run.store import Run
from benchmarks.scenario import Workload
from benchmarks.statistics.shape import DIGITS, HIGHEST_NS, LOWEST_NS

ARMS = {
    "direct": "No Envoy",
    "envoy": "Envoy alone",
    "native": "Envoy's own filters",
    "lua": "Lua in Envoy",
    "wasm-policy": "Policy filter (WebAssembly)",
    "mixer-client": "Mixer, its client in Envoy",
    "mixer-client-plain": "Mixer, its client without cache and batches",
    "ext-authz": "Mixer, Envoy's ext_authz",
    "ext-authz-unix": "Mixer, Envoy's ext_authz, Unix socket",
    "noop-ext-authz": "ext_authz server that decides nothing",
}
SCENARIOS = {
    "access": "Access control",
    "access-quota": "Access control and quota",
    "telemetry": "All with telemetry",
}
_LOCAL_US = {"direct": 150.0, "envoy": 320.0, "native": 330.0, "lua": 345.0, "wasm-policy": 380.0}
_REMOTE = {"mixer-client-plain", "ext-authz", "ext-authz-unix", "noop-ext-authz"}
_CALL_US = {"noop-ext-authz": 700.0, "ext-authz-unix": 1_000.0}
_MIXER_CALL_US = 1_150.0
_SCENARIO_FACTOR = {"access": 1.0, "access-quota": 1.15, "telemetry": 1.4}
_CAPACITY_PER_S = {"direct": 9_000.0, "envoy": 4_000.0, "mixer-client": 2_500.0}
_EDGES = np.concatenate(
    [np.linspace(0, 0.9, 60), np.linspace(0.9, 0.99, 40)[1:], np.linspace(0.99, 1, 60)[1:]]
)
_WEIGHTS = np.diff(_EDGES)
_QUANTILES = (_EDGES[1:] + _EDGES[:-1]) / 2
"""Where latencies lie: closely in the tail, which is what is asked for."""
_SHAPE = np.exp(0.18 * np.array([NormalDist().inv_cdf(q) for q in _QUANTILES]))


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeUp:
    """What a run is to look like."""

    seed: int = 1
    repetition_count: int = 5
    duration_s: float = 12.0
    noise: float = 0.01
    """Standard deviation of the factor by which a repetition of an arm is slower."""
    drift: float = 0.0
    """The same for all arms of a repetition of a cell: what the machine does meanwhile."""
    slower: Mapping[str, float] = field(default_factory=dict)
    """By arm: what its latencies are multiplied with."""
    arms: tuple[str, ...] = tuple(ARMS)
    scenarios: tuple[str, ...] = tuple(SCENARIOS)
    has_sweeps: bool = True
    stolen_share: float | None = None
    others_share: float | None = None
    """What the host took of the CPU in each measurement."""
    rejected: frozenset[tuple[str, int]] = frozenset()
    """Arm and repetition of base cells that the generator was too slow for."""


def base_cell(scenario: str = "access") -> Cell:
    return Cell(scenario=scenario, sweep="base", rate_per_s=200, connections=8)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turn:
    """One cell in one repetition, for all arms."""

    cell: Cell
    repetition: int
    drift: float


def made_up_run(made_up: MadeUp | None = None) -> Run:
    """The whole run, as `read_run` returns it."""
    made_up = made_up or MadeUp()
    random = np.random.default_rng(made_up.seed)
    measured = [
        _measured(made_up, random, arm, turn)
        for turn in _turns(made_up, random)
        for arm in made_up.arms
        if (turn.cell.scenario, arm) != ("telemetry", "noop-ext-authz")
    ]
    return Run(facts=_facts(made_up, measured), measured=measured)


def _turns(made_up: MadeUp, random: np.random.Generator) -> Iterator[_Turn]:
    for repetition in range(made_up.repetition_count):
        for cell in _cells(made_up):
            drift = float(np.exp(random.normal(0, made_up.drift)))
            yield _Turn(cell=cell, repetition=repetition, drift=drift)


def _facts(made_up: MadeUp, measured: list[Measured]) -> RunFacts:
    cells = list(dict.fromkeys(one.cell for one in measured))
    refused = {"telemetry", "noop-ext-authz"} <= {*made_up.scenarios, *made_up.arms}
    why = "it has no telemetry"
    return RunFacts(
        format=2,
        started="2026-01-31T12:00:00Z",
        elapsed_s=len(measured) * (made_up.duration_s + 1),
        command="python -m benchmarks run",
        seed=made_up.seed,
        is_quick=False,
        protocol="http1",
        pacing="poisson",
        environment={"processor": "An honest CPU", "cores": "2", "envoy": "1.40.0"},
        order=tuple(f"{m.repetition}/{cells.index(m.cell)}/{m.arm}" for m in measured),
        refusals={"telemetry/noop-ext-authz": why} if refused else {},
        arms={name: ARMS[name] for name in made_up.arms},
        color_orders={name: list(ARMS).index(name) for name in made_up.arms},
        scenarios={name: SCENARIOS[name] for name in made_up.scenarios},
    )


def _cells(made_up: MadeUp) -> Iterator[Cell]:
    for scenario in made_up.scenarios:
        yield base_cell(scenario)
    if not made_up.has_sweeps:
        return
    base = base_cell(made_up.scenarios[0])
    for connections in (1, 16, 64):
        yield replace(base, sweep="connections", connections=connections)
    for rate in (100, 400, 800, 1_600, 3_200):
        yield replace(base, sweep="rate", rate_per_s=rate)
    for workload in (
        *(("hits", Workload(hit_share=share)) for share in (0.0, 0.5, 0.8, 0.99)),
        *(("rules", Workload(rule_count=count)) for count in (1, 100, 1_000, 10_000)),
        *(("attributes", Workload(attribute_count=count)) for count in (10, 60)),
        *(("delay", Workload(adapter_delay_ms=delay)) for delay in (1.0, 10.0)),
    ):
        yield replace(base, sweep=workload[0], workload=workload[1])
    yield replace(base, sweep="saturation", rate_per_s=0)


def _measured(made_up: MadeUp, random: np.random.Generator, arm: str, turn: _Turn) -> Measured:
    cell = turn.cell
    capacity = _CAPACITY_PER_S.get(arm, 800.0 if arm in _REMOTE else 3_500.0)
    rate = min(cell.rate_per_s or capacity, capacity)
    count = int(rate * made_up.duration_s)
    calls = count if arm in _REMOTE else 0
    if arm == "mixer-client":
        calls = int(count * (1 - cell.workload.hit_share))
    factor = (
        turn.drift * made_up.slower.get(arm, 1.0) * float(np.exp(random.normal(0, made_up.noise)))
    )
    latencies_us = _latencies_us(arm, cell, cell.rate_per_s / capacity) * factor
    counts = random.multinomial(count, _WEIGHTS)
    is_rejected = cell.sweep == "base" and (arm, turn.repetition) in made_up.rejected
    return Measured(
        arm=arm,
        cell=cell,
        repetition=turn.repetition,
        elapsed_s=made_up.duration_s,
        sent_count=count,
        answered_count=count,
        by_status={200: count - count // 10, 403: count // 10},
        latency_ns=_histogram(latencies_us, counts),
        send_lag_ns=_histogram(10 * _SHAPE, counts),
        generator_cpu_s=0.000_15 * count,
        processes=_processes(arm, count, calls),
        policy_call_count=calls,
        warm_up_s=1.5,
        claims=(("upstream: requests", count, count, count),),
        trusted_quantile=0.999,
        kept_up=True,
        stolen_share=made_up.stolen_share,
        others_share=made_up.others_share,
        rejection="the generator was the bottleneck: send lag 4.1 ms" if is_rejected else None,
    )


def _latencies_us(arm: str, cell: Cell, load: float) -> np.ndarray:
    """By quantile: answers that need a call are the slowest."""
    queue = _SHAPE / max(1 - min(load, 1.0), 0.02) * (1 + 0.01 * cell.connections)
    factor = _SCENARIO_FACTOR[cell.scenario] if arm not in {"direct", "envoy"} else 1.0
    local = _LOCAL_US.get(arm, 400.0) * factor * (1 + cell.workload.rule_count / 20_000)
    call = _CALL_US.get(arm, _MIXER_CALL_US) + 1_000 * cell.workload.adapter_delay_ms
    if arm == "mixer-client":
        call *= cell.workload.hit_share <= _QUANTILES
    elif arm not in _REMOTE:
        call = 0.0
    return (local + call * factor) * queue


def _histogram(latencies_us: np.ndarray, counts: np.ndarray) -> str:
    histogram = HdrHistogram(LOWEST_NS, HIGHEST_NS, DIGITS)
    for latency_us, count in zip(latencies_us, counts, strict=True):
        if count:
            histogram.record_value(int(latency_us * 1_000), int(count))
    return histogram.encode().decode()


def _processes(arm: str, count: int, calls: int) -> dict[str, ProcessUse]:
    processes = {"upstream": ProcessUse(cpu_s=0.000_05 * count, rss_bytes=45_000_000)}
    if arm != "direct":
        processes["envoy"] = ProcessUse(cpu_s=0.000_12 * count, rss_bytes=62_000_000)
    if calls:
        role = "noop" if arm == "noop-ext-authz" else "mixer"
        processes[role] = ProcessUse(cpu_s=0.000_6 * calls, rss_bytes=81_000_000)
    return processes


TICK_NS = 512
"""A histogram's step just below a millisecond: multiples of it are kept as they are up to there."""


def exact_run(ticks: Mapping[str, Sequence[tuple[int, int]]], count: int = 1_000) -> Run:
    """A base cell in which 9 of 10 answers take one time, and the others another, by arm and
    repetition; in units of TICK_NS."""
    repetitions = len(next(iter(ticks.values())))
    run = made_up_run(
        MadeUp(
            arms=tuple(ticks),
            scenarios=("access",),
            has_sweeps=False,
            repetition_count=repetitions,
            duration_s=count / 200,
        )
    )
    shares = np.array([count - count // 10, count // 10])
    measured = [
        replace(
            one,
            latency_ns=_histogram(
                np.array(ticks[one.arm][one.repetition]) * TICK_NS / 1_000, shares
            ),
        )
        for one in run.measured
    ]
    return replace(run, measured=measured)
