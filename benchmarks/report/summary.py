"""Works out everything that a report shows."""

from collections.abc import Iterable

from benchmarks.cell import BASE, SATURATION
from benchmarks.report.cells import cell_tables
from benchmarks.report.knees import knees
from benchmarks.report.noise import noise
from benchmarks.report.sweeps import sweeps
from benchmarks.report.tables import CellTable, Refusal, Summary
from benchmarks.report.taken import taken
from benchmarks.run.store import Run


def summarize(run: Run) -> Summary:
    """All figures of a run; takes seconds for a long one."""
    cells = cell_tables(run)
    series = sweeps(cells)
    base = _of_sweep(cells, BASE)
    return Summary(
        facts=run.facts,
        base=base,
        sweeps=series,
        saturation=_of_sweep(cells, SATURATION),
        knees=[knee for sweep in series if sweep.name == "rate" for knee in knees(sweep)],
        noise=[noise(table) for table in base],
        refusals=[_refusal(key, why) for key, why in run.facts.refusals.items()],
        measured_count=len(run.measured),
        rejected_count=sum(measured.rejection is not None for measured in run.measured),
        stolen=taken(measured.stolen_share for measured in run.measured),
        others=taken(measured.others_share for measured in run.measured),
        cells=cells,
    )


def _of_sweep(cells: Iterable[CellTable], name: str) -> list[CellTable]:
    return [table for table in cells if table.cell.sweep == name]


def _refusal(key: str, why: str) -> Refusal:
    scenario, _, arm = key.partition("/")
    return Refusal(scenario=scenario, arm=arm, why=why)
