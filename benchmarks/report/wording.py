"""Names of cells and parts of sentences that several outputs have in common."""

from benchmarks.cell import Cell, RunFacts
from benchmarks.report.tables import BASE, SATURATION, Summary, Sweep
from benchmarks.report.units import percent

_PROTOCOLS = {"http1": "HTTP/1.1", "http2": "HTTP/2"}


def cell_title(cell: Cell) -> str:
    """`95 % cache hits, 200 requests/s over 8 connections, HTTP/1.1, poisson`."""
    workload = cell.workload
    rate = f"{cell.rate_per_s:,.0f} requests/s" if cell.rate_per_s else "as fast as it goes"
    parts = [
        f"{percent(workload.hit_share)} cache hits",
        f"{rate} over {count_of(cell.connections, 'connection')}",
        _PROTOCOLS.get(cell.protocol, cell.protocol),
        *([f"{cell.pacing} pacing"] if cell.rate_per_s else []),
        count_of(workload.rule_count, "rule"),
        count_of(workload.attribute_count, "attribute"),
        *([f"{workload.adapter_delay_ms:g} ms of delay"] if workload.adapter_delay_ms else []),
    ]
    return ", ".join(parts)


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
    found += [_rejections(summary, *key) for key in _rejected_arms(summary)]
    found += [
        f"{summary.facts.scenarios.get(r.scenario, r.scenario)}: "
        f"{summary.facts.arms.get(r.arm, r.arm)} was left out: {r.why}."
        for r in summary.refusals
    ]
    return found


def _rejected_arms(summary: Summary) -> list[tuple[str, str]]:
    """Arm and reason, each once."""
    return list(
        dict.fromkeys(
            (row.arm, why)
            for table in summary.cells
            for row in table.rows.values()
            for why in row.rejections
        )
    )


def _rejections(summary: Summary, arm: str, why: str) -> str:
    rows = [table.rows[arm] for table in summary.cells if arm in table.rows]
    count = sum(list(row.rejections).count(why) for row in rows)
    times = "once" if count == 1 else f"{count} times"
    return f"{summary.facts.arms[arm]}, rejected {times}: {why}."
