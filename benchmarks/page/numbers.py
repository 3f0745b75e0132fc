"""The tables below charts, and the summary."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from benchmarks.arm import ENVOY
from benchmarks.page.chart import Table
from benchmarks.page.cpu import PROXY, service_cpu_s_per_1000
from benchmarks.page.saturation import throughput
from benchmarks.report.reasons import PAST_KNEE
from benchmarks.report.tables import ArmFigures, CellTable, Summary, Sweep
from benchmarks.report.trends import x_text
from benchmarks.statistics import QUANTILES
from benchmarks.units import number, quantile_name, size, time_cell

SUMMARY_HEAD: Final = (
    "Arm",
    "median",
    "p99",
    "p99.9",
    "added to the median",
    "added to p99",
    "CPU s / 1,000",
    "of it Envoy",
    "memory",
    "calls / request",
)
_UPSTREAM: Final = "upstream"

Cells = Callable[[ArmFigures], Iterable[str]]


def summary_table(summary: Summary, table: CellTable, title: str) -> Table:
    """What one cell comes to."""
    return _table(summary, title, SUMMARY_HEAD, table.rows.values(), _summary_cells)


def latency_table(summary: Summary, table: CellTable) -> Table:
    """Latency at each quantile."""
    head = ("Arm", *map(quantile_name, QUANTILES), "answers", "repetitions")
    return _table(summary, "Latency", head, table.rows.values(), _latency_cells)


def added_table(summary: Summary, table: CellTable) -> Table:
    """Added latency at each quantile."""
    rows = [row for row in table.rows.values() if row.added_ns]
    title = "Latency added to that of Envoy alone, with 95 % intervals"
    head = ("Arm", *map(quantile_name, QUANTILES))
    return _table(summary, title, head, rows, _added_cells)


def cost_table(summary: Summary, table: CellTable) -> Table:
    """CPU and memory of each process."""
    head = ("Arm", "Envoy", "policy services", "upstream", "memory", "calls / request")
    title = "Seconds of CPU per 1,000 requests; resident memory at the end"
    return _table(summary, title, head, table.rows.values(), _cost_cells)


def saturation_table(summary: Summary, table: CellTable) -> Table:
    """Throughput, and what it took."""
    head = ("Arm", "answers per second", "CPU s / 1,000", "of it Envoy", "repetitions")
    return _table(summary, "Throughput", head, table.rows.values(), _saturation_cells)


def sweep_table(summary: Summary, sweep: Sweep, quantile: float) -> Table:
    """Added latency at one quantile along a sweep."""
    arms = [arm for arm in sweep.arms() if any(_added_rows(sweep, arm))]
    return Table(
        title=f"Added to the {quantile_name(quantile)}, with 95 % intervals",
        head=("Arm", *(x_text(sweep, x) for x in sweep.xs)),
        rows=[
            (
                summary.facts.arms[arm],
                *(_sweep_cell(summary, table, arm, quantile) for table in sweep.tables),
            )
            for arm in arms
        ],
        arms=arms,
    )


def _table(
    summary: Summary, title: str, head: Sequence[str], rows: Iterable[ArmFigures], cells: Cells
) -> Table:
    shown = list(rows)
    return Table(
        title=title,
        head=head,
        rows=[(summary.facts.arms[row.arm], *cells(row)) for row in shown],
        arms=[row.arm for row in shown],
    )


def _summary_cells(row: ArmFigures) -> list[str]:
    return [
        *(time_cell(row.latency_ns[quantile]) for quantile in (0.5, 0.99, 0.999)),
        *(time_cell(row.added_ns[q]) if row.added_ns else "" for q in (0.5, 0.99)),
        *_cpu_cells(row),
        _memory(row),
        _calls(row),
    ]


def _latency_cells(row: ArmFigures) -> list[str]:
    latencies = [time_cell(row.latency_ns[quantile]) for quantile in QUANTILES]
    return [*latencies, f"{row.answered_count:,}", str(row.repetition_count)]


def _added_cells(row: ArmFigures) -> list[str]:
    return [time_cell(row.added_ns[quantile]) for quantile in QUANTILES]


def _cost_cells(row: ArmFigures) -> list[str]:
    service_s = service_cpu_s_per_1000(row)
    return [
        _role_cpu(row, PROXY),
        number(service_s) if service_s else "",
        _role_cpu(row, _UPSTREAM),
        ", ".join(f"{role} {size(rss)}" for role, rss in row.rss_bytes.items()),
        _calls(row),
    ]


def _saturation_cells(row: ArmFigures) -> list[str]:
    answers = throughput(row) if row.repetition_count else ""
    return [answers, *_cpu_cells(row), str(row.repetition_count)]


def _cpu_cells(row: ArmFigures) -> list[str]:
    whole_s = row.policy_cpu_s_per_1000
    return [number(whole_s) if whole_s else "", _role_cpu(row, PROXY)]


def _role_cpu(row: ArmFigures, role: str) -> str:
    return number(row.cpu_s_per_1000[role]) if role in row.cpu_s_per_1000 else ""


def _memory(row: ArmFigures) -> str:
    whole = sum(rss for role, rss in row.rss_bytes.items() if role != _UPSTREAM)
    return size(whole) if whole else ""


def _calls(row: ArmFigures) -> str:
    return number(row.policy_calls_per_request) if row.policy_calls_per_request else ""


def _added_rows(sweep: Sweep, arm: str) -> list[ArmFigures]:
    rows = [table.rows.get(arm) for table in sweep.tables]
    return [row for row in rows if row and row.added_ns]


def _sweep_cell(summary: Summary, table: CellTable, arm: str, quantile: float) -> str:
    row = table.rows.get(arm)
    if not row or not row.added_ns:
        return ""
    if any(summary.is_past_knee(table.cell, each) for each in (ENVOY, arm)):
        return PAST_KNEE
    return time_cell(row.added_ns[quantile])
