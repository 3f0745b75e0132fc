"""What is known about a run as a whole: its machine, its order, its gaps and its proofs."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from benchmarks.cell import Measured, RunFacts
from benchmarks.page.chart import Table
from benchmarks.report.tables import Summary
from benchmarks.report.taken import taken_facts
from benchmarks.report.wording import PROTOCOL_NAMES, table_title
from benchmarks.run.store import Run
from benchmarks.units import NOT_ENOUGH, number, percent, time


def machine_table(summary: Summary) -> Table:
    """Machine, versions and how the run was started."""
    facts = summary.facts
    resumed = ", ".join(resumption.when for resumption in facts.resumed)
    own = {
        "started": facts.started,
        **({"resumed": resumed} if resumed else {}),
        "took": f"{facts.elapsed_s / 60:,.0f} minutes",
        "command": facts.command,
        "seed": str(facts.seed),
        "protocol": PROTOCOL_NAMES.get(facts.protocol, facts.protocol),
        "pacing": facts.pacing,
    }
    rows = [*own.items(), *facts.environment.items(), *taken_facts(summary).items()]
    return Table(title="Run and machine", head=("", ""), rows=rows)


def knee_table(summary: Summary) -> Table:
    """Up to which rate each arm keeps its latency."""
    return Table(
        title="Knees: the highest measured rate that keeps p99",
        head=("Arm", "requests per second", "scenario"),
        rows=[
            (
                summary.facts.arms[knee.arm],
                number(knee.rate_per_s) + (" or more" if knee.is_open else ""),
                summary.facts.scenarios[knee.scenario],
            )
            for knee in summary.knees
        ],
        arms=[knee.arm for knee in summary.knees],
    )


def noise_table(summary: Summary) -> Table:
    """How quiet the machine was."""
    return Table(
        title="Noise: how far repetitions lie apart",
        head=("Cell", "medians of Envoy alone", "differences seen from", "host took", "verdict"),
        rows=[
            (
                table_title(summary.facts, noise.cell),
                percent(noise.envoy_spread) if noise.envoy_spread is not None else NOT_ENOUGH,
                time(noise.floor_ns) if noise.floor_ns is not None else NOT_ENOUGH,
                percent(noise.stolen.median) if noise.stolen else "",
                "too noisy" if noise.is_too_noisy else "",
            )
            for noise in summary.noise
        ],
    )


def refusal_table(summary: Summary) -> Table:
    """Which arms could not run which scenario."""
    facts = summary.facts
    return Table(
        title="Refused",
        head=("Arm", "scenario", "why"),
        rows=[
            (facts.arms.get(r.arm, r.arm), facts.scenarios.get(r.scenario, r.scenario), r.why)
            for r in summary.refusals
        ],
    )


def rejection_table(run: Run) -> Table:
    """Measurements whose figures are not used; those of one arm, cell and reason in one row."""
    counts = Counter(
        (measured.arm, measured.cell, measured.rejection)
        for measured in run.measured
        if measured.rejection
    )
    return Table(
        title="Rejected",
        head=("Arm", "cell", "times", "why"),
        rows=[
            (run.facts.arms[arm], table_title(run.facts, cell), str(count), why)
            for (arm, cell, why), count in counts.items()
        ],
    )


def claim_table(run: Run) -> Table:
    """What has proved that arms did their work, over all measurements."""
    by_claim: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for measured in run.measured:
        for what, is_kept in _claims(measured):
            by_claim[measured.arm, what].append(is_kept)
    order = list(run.facts.arms)
    claims = sorted(by_claim.items(), key=lambda claim: order.index(claim[0][0]))
    return Table(
        title="Proof of work",
        head=("Arm", "counter", "measurements", "held"),
        rows=[
            (run.facts.arms[arm], what, str(len(kept)), "all" if all(kept) else str(sum(kept)))
            for (arm, what), kept in claims
        ],
    )


def order_lines(facts: RunFacts) -> list[str]:
    """The order of measurement, a line for each repetition."""
    by_repetition: dict[str, list[str]] = defaultdict(list)
    for step in facts.order:
        repetition, _, rest = step.partition("/")
        by_repetition[repetition].append(rest)
    return [f"{repetition}: {' '.join(steps)}" for repetition, steps in by_repetition.items()]


def _claims(measured: Measured) -> Iterable[tuple[str, bool]]:
    return ((what, least <= counted <= most) for what, counted, least, most in measured.claims)
