"""What the page has charts of: scenarios, sweeps and saturation, and what was not measured."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from benchmarks.page.chart import Chart
from benchmarks.page.charts import cell_charts, saturation_chart, sweep_chart
from benchmarks.report.tables import CellTable, Summary, Sweep

_SWEEPS: Final = {
    "hits": "the share of cache hits",
    "connections": "connections",
    "rate": "rates",
    "rules": "the number of rules",
    "attributes": "the number of attributes",
    "delay": "the adapter's delay",
}
"""In the order of the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Charts under one heading."""

    name: str
    """Of its place in the page."""
    title: str
    charts: Sequence[Chart]
    gaps: Sequence[str] = ()
    """What was not measured at all."""


def sections(summary: Summary) -> list[Section]:
    """One for each scenario, one for all sweeps, one for saturation."""
    names = _Names()
    return [
        *_scenarios(summary, names),
        Section(
            name="sweeps",
            title="What it depends on",
            charts=[
                sweep_chart(summary, sweep, names.of(sweep.name, sweep.scenario))
                for sweep in _in_order(summary.sweeps)
            ],
            gaps=_unswept(summary),
        ),
        Section(
            name="saturation",
            title="Throughput at saturation",
            charts=[
                saturation_chart(summary, table, names.of("saturation", table.cell.scenario))
                for table in summary.saturation
            ],
            gaps=[] if summary.saturation else ["Saturation was not measured in this run."],
        ),
    ]


class _Names:
    """Sets charts of one kind and scenario apart: `access`, `access-2`, ..."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()

    def of(self, kind: str, scenario: str) -> str:
        """The next name."""
        self._counts[kind, scenario] += 1
        number = self._counts[kind, scenario]
        return scenario if number == 1 else f"{scenario}-{number}"


def _scenarios(summary: Summary, names: _Names) -> Iterator[Section]:
    for scenario, title in summary.facts.scenarios.items():
        tables = [table for table in summary.base if table.cell.scenario == scenario]
        yield Section(
            name=f"scenario-{scenario}",
            title=title,
            charts=list(_charts(summary, tables, names)),
            gaps=[] if tables else ["Its base cell was not measured in this run."],
        )


def _charts(summary: Summary, tables: Sequence[CellTable], names: _Names) -> Iterator[Chart]:
    for table in tables:
        yield from cell_charts(summary, table, names.of("base", table.cell.scenario))


def _in_order(sweeps: Sequence[Sweep]) -> list[Sweep]:
    order = list(_SWEEPS)
    return sorted(sweeps, key=lambda sweep: order.index(sweep.name))


def _unswept(summary: Summary) -> list[str]:
    """A single point is no sweep, as in a quick run."""
    swept = {sweep.name for sweep in summary.sweeps}
    missing = [words for name, words in _SWEEPS.items() if name not in swept]
    return [f"No two points were measured along {', '.join(missing)}."] if missing else []
