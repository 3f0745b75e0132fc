"""All figures for programs: a CSV table with one row for each figure, and a JSON document."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any, Final

from benchmarks.cell import Cell
from benchmarks.report.tables import ArmFigures, CellTable, Summary
from benchmarks.report.verdict import verdict
from benchmarks.report.wording import warnings
from benchmarks.statistics import Estimate, Figure

_CELL_COLUMNS: Final = ("scenario", "sweep", "rate_per_s", "connections", "protocol", "pacing")
_WORKLOAD_COLUMNS: Final = ("rule_count", "attribute_count", "hit_share", "adapter_delay_ms")
_FIGURE_COLUMNS: Final = ("arm", "figure", "of", "value", "low", "high", "missing")
COLUMNS: Final = (*_CELL_COLUMNS, *_WORKLOAD_COLUMNS, *_FIGURE_COLUMNS)
"""`figure` is a name with its unit, `of` the quantile or the role; `low` and `high` are the 95 %
interval, if there is one; `missing` says why there is no value."""


def to_csv(summary: Summary) -> str:
    """One row for each figure of each arm in each cell, with the header `COLUMNS`."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for table in summary.cells:
        for row in table.rows.values():
            for figure in _figures(row):
                writer.writerow([*_cell_values(table.cell), row.arm, *figure])
    return text.getvalue()


def to_json(summary: Summary) -> str:
    """One document: facts, warnings, verdict, cells with all figures, knees and noise."""
    document = {
        "facts": asdict(summary.facts),
        "warnings": warnings(summary),
        "verdict": [asdict(paragraph) for paragraph in verdict(summary)],
        "cells": [_cell_document(table) for table in summary.cells],
        "knees": [asdict(knee) for knee in summary.knees],
        "noise": [asdict(noise) for noise in summary.noise],
        "refusals": [asdict(refusal) for refusal in summary.refusals],
        "measured_count": summary.measured_count,
        "rejected_count": summary.rejected_count,
        "stolen": asdict(summary.stolen) if summary.stolen else None,
        "others": asdict(summary.others) if summary.others else None,
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _cell_document(table: CellTable) -> dict[str, Any]:
    return {
        "cell": asdict(table.cell),
        "arms": {arm: _row_document(row) for arm, row in table.rows.items()},
    }


def _row_document(row: ArmFigures) -> dict[str, Any]:
    """Mappings by quantile get the quantile as key; a figure is an object in all cases."""
    document = asdict(row)
    document["latency_ns"] = _by_quantile(row.latency_ns.items())
    document["added_ns"] = _by_quantile(row.added_ns.items())
    return document


def _by_quantile(figures: Iterable[tuple[float, Figure | float]]) -> dict[str, Any]:
    return {
        str(quantile): {"value": figure} if isinstance(figure, float) else asdict(figure)
        for quantile, figure in figures
    }


def _cell_values(cell: Cell) -> list[Any]:
    return [
        *(getattr(cell, name) for name in _CELL_COLUMNS),
        *(getattr(cell.workload, name, "") for name in _WORKLOAD_COLUMNS),
    ]


def _figures(row: ArmFigures) -> Iterator[tuple[Any, ...]]:
    yield _line("repetitions", "", row.repetition_count)
    yield _line("rejected_repetitions", "", len(row.rejections))
    yield _line("repetitions_behind", "", row.behind_count)
    for quantile, count in row.late_counts.items():
        yield _line("repetitions_too_late", quantile, count)
    yield _line("answers", "", row.answered_count)
    for quantile, latency in row.latency_ns.items():
        yield _line("latency_ns", quantile, latency)
    for quantile, added in row.added_ns.items():
        yield _line("added_ns", quantile, added)
    yield _line("throughput_per_s", "", row.throughput)
    for role, cpu_s in row.cpu_s_per_1000.items():
        yield _line("cpu_s_per_1000_requests", role, cpu_s)
    for role, rss_bytes in row.rss_bytes.items():
        yield _line("rss_bytes", role, rss_bytes)
    yield _line("policy_calls_per_request", "", row.policy_calls_per_request)


def _line(name: str, of: float | str, figure: Figure | float) -> tuple[Any, ...]:
    if isinstance(figure, Estimate):
        return name, of, figure.value, figure.low, figure.high, ""
    if isinstance(figure, float | int):
        return name, of, figure, "", "", ""
    return name, of, "", "", "", figure.why
