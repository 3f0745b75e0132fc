"""Names of cells and parts of sentences that several outputs have in common."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Final

from benchmarks.cell import BASE, SATURATION, Cell, RunFacts
from benchmarks.report.tables import Summary, Sweep
from benchmarks.report.taken import others_warnings
from benchmarks.scenario import Workload
from benchmarks.statistics import QUANTILES
from benchmarks.units import percent

PROTOCOL_NAMES: Final = {"http1": "HTTP/1.1", "http2": "HTTP/2"}


def cell_title(cell: Cell) -> str:
    """`95 % cache hits, 200 requests/s over 8 connections, HTTP/1.1, 10 rules, 25 attributes`.

    Of a reader's own policy nobody knows how many hits or rules it has, so nothing is said of it.
    """
    rate = f"{cell.rate_per_s:,.0f} requests/s" if cell.rate_per_s else "as fast as it goes"
    hits, policy = _of_workload(cell.workload) if cell.workload else ([], [])
    parts = [
        *hits,
        f"{rate} over {count_of(cell.connections, 'connection')}",
        PROTOCOL_NAMES.get(cell.protocol, cell.protocol),
        *([f"{cell.pacing} pacing"] if cell.rate_per_s else []),
        *policy,
    ]
    return ", ".join(parts)


def _of_workload(workload: Workload) -> tuple[list[str], list[str]]:
    """What is said of it first, and what last."""
    delay = workload.adapter_delay_ms
    policy = [
        count_of(workload.rule_count, "rule"),
        count_of(workload.attribute_count, "attribute"),
        *([f"{delay:g} ms of delay"] if delay else []),
    ]
    return [f"{percent(workload.hit_share)} cache hits"], policy


def table_title(facts: RunFacts, cell: Cell) -> str:
    """The scenario's name, the sweep's if it is one, and the cell's."""
    sweep = "" if cell.sweep in (BASE, SATURATION) else f", {cell.sweep}"
    return f"{facts.scenarios[cell.scenario]}{sweep}: {cell_title(cell)}"


def sweep_title(facts: RunFacts, sweep: Sweep) -> str:
    """`Access control, by share of cache hits`."""
    return f"{facts.scenarios[sweep.scenario]}, by {sweep.x_title[0].lower()}{sweep.x_title[1:]}"


def count_of(count: int, thing: str) -> str:
    """`1 rule`, `10,000 rules`."""
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def warnings(summary: Summary) -> list[str]:
    """What a reader must know before the figures: none if all went well."""
    found = []
    if summary.facts.is_quick:
        found.append("A quick run: it shows that everything works, not how fast anything is.")
    if summary.rejected_count:
        share = summary.rejected_count / summary.measured_count
        text = f"{summary.rejected_count:,} of {summary.measured_count:,} measurements"
        found.append(f"{text} ({percent(share)}) were rejected and are not in the figures.")
    return [
        *found,
        *_resumptions(summary.facts),
        *others_warnings(summary),
        *_withheld(summary),
        *_rejections(summary),
        *_refusals(summary),
    ]


def _resumptions(facts: RunFacts) -> Iterator[str]:
    if not facts.resumed:
        return
    times = ", ".join(resumption.when for resumption in facts.resumed)
    yield f"Measured in {1 + len(facts.resumed)} sessions: begun {facts.started}, resumed {times}."
    commits = dict.fromkeys(
        [facts.environment.get("commit", ""), *(r.commit for r in facts.resumed)]
    )
    if len(commits) > 1:
        yield f"The commit was not the same in all sessions: {', '.join(commits)}."


def _withheld(summary: Summary) -> Iterator[str]:
    """What is not rejected, and still not in all figures."""
    rows = [row for table in summary.cells for row in table.rows.values()]
    late = [
        f"p{quantile * 100:g} of {count:,}"
        for quantile in QUANTILES[1:]
        if (count := sum(row.late_counts[quantile] for row in rows))
    ]
    if late:
        kept = summary.measured_count - summary.rejected_count
        yield (
            f"The generator was too late for the tail: withheld are {', '.join(late)} of {kept:,} "
            "measurements, and used is what lies below."
        )
    if behind := sum(row.behind_count for row in rows):
        yield (
            f"In {count_of(behind, 'measurement')} the arm or Envoy alone did not keep up with the "
            "rate: latency is not taken from these."
        )


def _rejections(summary: Summary) -> Iterator[str]:
    """One for each reason, however many cells and arms it holds for."""
    cell_counts: Counter[str] = Counter()
    by_arm: dict[str, Counter[str]] = defaultdict(Counter)
    for table in summary.cells:
        reasons = [(arm, why) for arm, row in table.rows.items() for why in row.rejections]
        cell_counts.update({why for _, why in reasons})
        for arm, why in reasons:
            by_arm[why][arm] += 1
    for why, counts in by_arm.items():
        titles = summary.facts.arms
        arms = "; ".join(f"{titles[arm]} {_times(n)}" for arm, n in counts.items())
        yield f"{count_of(cell_counts[why], 'cell')}: rejected, {why} ({arms})."


def _refusals(summary: Summary) -> Iterator[str]:
    """One for each arm and reason, with all scenarios."""
    facts = summary.facts
    scenarios: dict[tuple[str, str], list[str]] = defaultdict(list)
    for refusal in summary.refusals:
        title = facts.scenarios.get(refusal.scenario, refusal.scenario)
        scenarios[refusal.arm, refusal.why].append(title)
    for (arm, why), titles in scenarios.items():
        yield f"{'; '.join(titles)}: {facts.arms.get(arm, arm)} was left out: {why}."


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
