"""Reads the rows of a file with comma-separated values.

Whatever is odd makes the whole file bad: half a table would answer wrongly, and nobody would see.
"""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple, Protocol, Self, TypeVar

from mixer.errors import MixerError

MAX_BYTES: Final = 512 << 20
"""How large a file may be."""

T = TypeVar("T")


class BadFileError(MixerError):
    """The file can't be used; `str()` says which, where and why."""


class Version(NamedTuple):
    """What changes whenever a file does."""

    inode: int
    size: int
    modified_ns: int

    @classmethod
    def of(cls, path: str) -> Self:
        """The version that is there now; raises BadFileError if there is none."""
        try:
            status = Path(path).stat()
        except (OSError, ValueError) as error:
            raise _bad(path, error) from error
        return cls(status.st_ino, status.st_size, status.st_mtime_ns)


def read_rows(
    path: str, key_column: str, max_rows: int, make: Callable[[Mapping[str, str]], T]
) -> dict[str, T]:
    """Reads all rows, by key. Raises BadFileError.

    `make` is told the cells of a row that are not empty, by column. Of rows that differ in nothing
    but their keys it is told once, so that a table with few different rows is small.
    """
    if Version.of(path).size > MAX_BYTES:
        raise BadFileError(f"{path}: longer than {MAX_BYTES} bytes")
    try:
        with Path(path).open(encoding="utf-8-sig", newline="") as file:
            return _read(csv.reader(file, strict=True), key_column, max_rows, make)
    except (OSError, ValueError) as error:
        raise _bad(path, error) from error


def _bad(path: str, error: Exception) -> BadFileError:
    text = error.strerror if isinstance(error, OSError) else None
    return BadFileError(f"{path}: {text or error}")


class _Reader(Protocol):
    """What `csv.reader` makes."""

    @property
    def line_num(self) -> int: ...

    def __iter__(self) -> Iterator[list[str]]: ...

    def __next__(self) -> list[str]: ...


def _read(
    reader: _Reader, key_column: str, max_rows: int, make: Callable[[Mapping[str, str]], T]
) -> dict[str, T]:
    try:
        columns = next(reader, [])
        key_index = _key_index(columns, key_column)
        names = [name for name in columns if name != columns[key_index]]
        made: dict[tuple[str, ...], T] = {}
        rows: dict[str, T] = {}
        for cells in _full(reader, len(columns)):
            key = cells.pop(key_index)
            if key in rows:
                raise _wrong(reader, f"key {key!r} comes twice")
            if len(rows) == max_rows:
                raise _wrong(reader, f"more than {max_rows} rows")
            row = tuple(cells)
            if row not in made:
                made[row] = make(
                    {name: cell for name, cell in zip(names, row, strict=True) if cell}
                )
            rows[key] = made[row]
    except csv.Error as error:
        raise _wrong(reader, str(error)) from error
    return rows


def _wrong(reader: _Reader, message: str) -> ValueError:
    return ValueError(f"line {reader.line_num}: {message}")


def _key_index(columns: Sequence[str], key_column: str) -> int:
    if not columns:
        raise ValueError("line 1 names no columns")
    if len(set(columns)) < len(columns) or "" in columns:
        raise ValueError("line 1: columns need names, each its own")
    if not key_column:
        return 0
    if key_column not in columns:
        raise ValueError(f"line 1: there is no column {key_column!r}")
    return columns.index(key_column)


def _full(reader: _Reader, width: int) -> Iterator[list[str]]:
    """The rows that are not empty; each must have as many cells as there are columns."""
    for cells in reader:
        if cells and len(cells) != width:
            raise _wrong(reader, f"{len(cells)} cells for {width} columns")
        if cells:
            yield cells
