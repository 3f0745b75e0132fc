"""Reads keys from a CSV file."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any, Final

from adapters.apikey.key import faults
from adapters.apikey.params import ApiKey

_COLUMNS: Final = tuple(field.name for field in fields(ApiKey))
_LISTS: Final = frozenset({"apis", "versions", "operations"})


def read(body: bytes) -> list[ApiKey]:
    """The keys of a file; raises ValueError, with the line, for the first thing wrong in it.

    The message tells nothing of what stands in the column of hashes.
    """
    text = body.decode("utf-8-sig")
    rows = csv.DictReader(io.StringIO(text, newline=""), strict=True, skipinitialspace=True)
    try:
        _check_header(rows.fieldnames or ())
        return list(_keys(rows))
    except csv.Error as error:
        raise ValueError(f"line {rows.reader.line_num}: {error}") from error


def _check_header(names: Any) -> None:
    if "sha256" not in names:
        raise ValueError("line 1: names no column sha256")
    for name in names:
        if name not in _COLUMNS:
            raise ValueError(f"line 1: unknown column {name!r}; there are {', '.join(_COLUMNS)}")


def _keys(rows: "csv.DictReader[str]") -> Iterator[ApiKey]:
    lines: dict[str, int] = {}
    for row in rows:
        place = f"line {rows.line_num}"
        if None in row or None in row.values():
            raise ValueError(f"{place}: does not have as many columns as the first line")
        key = _key(row)
        for field, message in faults(key):
            raise ValueError(f"{place}: {field}: {message}")
        other = lines.setdefault(key.sha256.lower(), rows.line_num)
        if other != rows.line_num:
            raise ValueError(f"{place}: the same key as in line {other}")
        yield key


def _key(row: Mapping[str, str]) -> ApiKey:
    return ApiKey(
        **{
            name: tuple(text.split()) if name in _LISTS else text.strip()  # type: ignore[arg-type]
            for name, text in row.items()
        }
    )
