"""Cells that differ in one thing only, as a series over that thing."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from benchmarks.cell import BASE, Cell
from benchmarks.report.tables import CellTable, Sweep


@dataclass(frozen=True, slots=True, kw_only=True)
class _Axis:
    """What a sweep varies."""

    title: str
    field: str
    """Of the cell, or of its workload."""
    is_workload: bool = False

    def x(self, cell: Cell) -> float:
        """Where a cell lies on this axis."""
        return float(getattr(cell.workload if self.is_workload else cell, self.field))

    def has(self, cell: Cell) -> bool:
        """Whether a cell lies on this axis at all: a reader's own policy has no workload."""
        return not self.is_workload or cell.workload is not None

    def rest(self, cell: Cell) -> Cell:
        """The cell without what is varied: equal for all that lie on one line."""
        without: dict[str, Any] = {self.field: 0}
        if self.is_workload:
            assert cell.workload is not None
            without = {"workload": replace(cell.workload, **without)}
        return replace(cell, sweep="", **without)


_AXES: Final = {
    "connections": _Axis(title="Connections", field="connections"),
    "rate": _Axis(title="Requests per second", field="rate_per_s"),
    "hits": _Axis(title="Share of cache hits", field="hit_share", is_workload=True),
    "rules": _Axis(title="Rules", field="rule_count", is_workload=True),
    "attributes": _Axis(title="Attributes", field="attribute_count", is_workload=True),
    "delay": _Axis(title="Delay of the adapter, in ms", field="adapter_delay_ms", is_workload=True),
}


def sweeps(tables: Sequence[CellTable]) -> list[Sweep]:
    """Every series of two points or more, by kind and then in the order of measurement."""
    return [sweep for name, axis in _AXES.items() for sweep in _sweeps(name, axis, tables)]


def _sweeps(name: str, axis: _Axis, tables: Sequence[CellTable]) -> list[Sweep]:
    lines: dict[Cell, dict[float, CellTable]] = defaultdict(dict)
    for table in tables:
        if table.cell.sweep == name:
            lines[axis.rest(table.cell)][axis.x(table.cell)] = table
    for table in tables:
        is_base = table.cell.sweep == BASE and axis.has(table.cell)
        if is_base and axis.rest(table.cell) in lines:
            lines[axis.rest(table.cell)].setdefault(axis.x(table.cell), table)
    return [_sweep(name, axis, line) for line in lines.values() if len(line) > 1]


def _sweep(name: str, axis: _Axis, line: dict[float, CellTable]) -> Sweep:
    xs = sorted(line)
    tables = [line[x] for x in xs]
    scenario = tables[0].cell.scenario
    return Sweep(scenario=scenario, name=name, x_title=axis.title, xs=xs, tables=tables)
