"""Rows: what was measured, in the unit in which it is shown."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.micro.cases.configuration import Compilation
from benchmarks.micro.server_cpu.rounds import Measured
from benchmarks.micro.spread import Spread, ratios, spread_of
from benchmarks.micro.timing import Case

_US_PER_S = 1e6
_MS_PER_S = 1e3


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing that was measured."""

    section: str
    name: str
    unit: str
    """Of the figures, such as `µs per bag`."""
    spread: Spread
    loops: Spread | None = None
    """The figure divided by that of the yardstick loop in the same round."""
    target: float | None = None
    """What the figure is to be at most."""
    go: str = ""
    """What the original takes, in the same unit at 1, 8 and 64 streams."""


def case_rows(
    section: str,
    cases: Iterable[Case],
    samples: Mapping[str, Sequence[float]],
    yardstick: Sequence[float] | None = None,
) -> list[Row]:
    """The rows of cases, from their samples in seconds; the yardstick's are of the same rounds."""
    return [
        Row(
            section=section,
            name=case.name,
            unit=f"µs per {case.unit}",
            spread=_scaled(samples[case.name], _US_PER_S),
            loops=spread_of(ratios(samples[case.name], yardstick)) if yardstick else None,
            target=case.target_us,
            go=str(case.go or ""),
        )
        for case in cases
    ]


def compilation_rows(section: str, compilations: Iterable[Compilation]) -> list[Row]:
    """Two rows for each configuration; it is measured once, so the spread is none."""
    return [
        Row(section=section, name=f"{what} {c.rule_count} rules", unit="ms", spread=spread)
        for c in compilations
        for what, spread in (
            ("read", _scaled([c.read_s], _MS_PER_S)),
            ("compile and put in force", _scaled([c.apply_s], _MS_PER_S)),
        )
    ]


def size_rows(section: str, bytes_per_bag: Mapping[int, float]) -> list[Row]:
    """A row for each size of batch; sizes have no spread."""
    return [
        Row(
            section=section,
            name=f"batch of {count}",
            unit="bytes per bag",
            spread=spread_of([size]),
        )
        for count, size in bytes_per_bag.items()
    ]


def server_rows(section: str, measured: Iterable[Measured]) -> list[Row]:
    """Three rows for each cell: Mixer, the bare handler, and how many of these Mixer costs."""
    return [row for result in measured for row in _cell_rows(section, result)]


def _cell_rows(section: str, measured: Measured) -> list[Row]:
    cell = measured.cell
    units, unit = cell.bag_count or 1, "bag" if cell.bag_count else "call"
    quotients = ratios(measured.mixer_s, measured.bare_s)
    return [
        Row(
            section=section,
            name=cell.name,
            unit=f"µs per {unit}",
            spread=_scaled(measured.mixer_s, _US_PER_S / units),
            go=str(cell.go or ""),
        ),
        Row(
            section=section,
            name="    bare handler",
            unit=f"µs per {unit}",
            spread=_scaled(measured.bare_s, _US_PER_S / units),
        ),
        Row(
            section=section,
            name="    ratio",
            unit="x bare",
            spread=spread_of(quotients),
            target=cell.ratio_target,
        ),
    ]


def _scaled(samples: Sequence[float], factor: float) -> Spread:
    return spread_of([sample * factor for sample in samples])
