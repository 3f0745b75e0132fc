"""A run's folder: `run.json`, `plan.json`, and one file in `cells/` for each measured cell.

Reports, comparisons and pages are made from such a folder alone. The plan is for `--resume` only.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Final, TypeVar

from benchmarks.cell import Measured, RunFacts
from benchmarks.run.fields import read_fields, to_document
from benchmarks.run.options import Planned
from benchmarks.statistics.histogram import read_histogram

T = TypeVar("T")

FORMAT: Final = 2
"""What `RunFacts.format` is; a run with another number is not read. With 2 came what of the
latencies can be trusted, whether arms kept up, and what the host took."""
_FACTS: Final = "run.json"
_PLAN: Final = "plan.json"
_CELLS: Final = "cells"


class StoreError(Exception):
    """A folder holds no run that can be read; the text names the file, and the field if one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A whole run, as it lies in its folder."""

    facts: RunFacts
    measured: Sequence[Measured]
    """In the order in which it was measured."""


def new_run_folder(base: Path, now: datetime | None = None) -> Path:
    """Makes `BASE/2026-01-31T12-00-00Z` for a run that starts `now`; `…-2` if that is taken."""
    name = (now or datetime.now(UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H-%M-%SZ")
    for number in count(1):
        folder = base / (name if number == 1 else f"{name}-{number}")
        try:
            folder.mkdir(parents=True)
        except FileExistsError:
            continue
        (folder / _CELLS).mkdir()
        return folder
    raise AssertionError


def write_facts(folder: Path, facts: RunFacts) -> None:
    """Writes what holds for the whole run; again, if it is already there."""
    _write(folder / _FACTS, facts)


def write_measured(folder: Path, measured: Measured) -> Path:
    """Writes what was measured last, under the next number."""
    cells = folder / _CELLS
    cells.mkdir(exist_ok=True)
    number = max((int(file.stem) for file in cells.glob("*.json")), default=0) + 1
    file = cells / f"{number:04}.json"
    _write(file, measured)
    return file


def write_planned(folder: Path, planned: Planned) -> None:
    """Writes what is to be measured, once."""
    _write(folder / _PLAN, planned)


def read_planned(folder: Path) -> Planned:
    """What was to be measured. Raises StoreError."""
    return _read(folder / _PLAN, Planned)


def read_run(folder: Path) -> Run:
    """All of a run. Raises StoreError."""
    facts = _read(folder / _FACTS, RunFacts, check=_check_format)
    files = sorted((folder / _CELLS).glob("*.json"), key=lambda file: (len(file.stem), file.stem))
    if not files:
        raise StoreError(f"{folder / _CELLS}: nothing was measured")
    return Run(facts=facts, measured=[_read_measured(file, facts) for file in files])


def _read_measured(file: Path, facts: RunFacts) -> Measured:
    measured = _read(file, Measured)
    for name in ("latency_ns", "send_lag_ns"):
        try:
            read_histogram(getattr(measured, name))
        except ValueError as error:
            raise StoreError(f"{file}: {name}: {error}") from error
    if measured.arm not in facts.arms:
        raise StoreError(f"{file}: arm: {measured.arm!r} is not among those in {_FACTS}")
    if measured.cell.scenario not in facts.scenarios:
        scenario = measured.cell.scenario
        raise StoreError(f"{file}: cell.scenario: {scenario!r} is not among those in {_FACTS}")
    return measured


def _check_format(document: object) -> None:
    """Before its fields, which are others in another format."""
    found = document.get("format", FORMAT) if isinstance(document, dict) else FORMAT
    if found != FORMAT:
        raise ValueError(
            f"format: {found}, and only {FORMAT} is known: another version of Mixer has made it"
        )


def _read(file: Path, kind: type[T], check: Callable[[object], None] | None = None) -> T:
    try:
        document = json.loads(file.read_text(encoding="utf-8"), parse_constant=_no_number)
        if check:
            check(document)
        return read_fields(kind, document)
    except FileNotFoundError as error:
        raise StoreError(f"{file}: missing; is this the folder of a run that has ended?") from error
    except (OSError, ValueError) as error:  # the latter also of UTF-8, JSON and fields
        raise StoreError(f"{file}: {error}") from error


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is no number")


def _write(file: Path, value: object) -> None:
    """Whole or not at all, so that a run that is broken off leaves no half files."""
    text = json.dumps(to_document(value), indent=1, ensure_ascii=False)
    unfinished = file.with_suffix(".part")
    unfinished.write_text(text + "\n", encoding="utf-8")
    unfinished.replace(file)
