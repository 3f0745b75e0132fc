"""The table of lower case, by which an interpreter needs no library of Unicode."""

import sys
from functools import lru_cache

from mixer.expr.runtime.text import to_lower


@lru_cache(maxsize=1)
def lower_table() -> list[list[int]]:
    """`[first, last, step, delta]` for all characters that `toLower` changes."""
    table: list[list[int]] = []
    changed = (code for code in range(sys.maxunicode + 1) if chr(code).lower() != chr(code))
    for code in changed:
        delta = ord(to_lower(chr(code))) - code
        if table and _continues(table[-1], code, delta):
            table[-1][1:3] = code, code - table[-1][1]
        else:
            table.append([code, code, 1, delta])
    return table


def _continues(row: list[int], code: int, delta: int) -> bool:
    first, last, step, row_delta = row
    gap = code - last
    return delta == row_delta and (gap == step or (first == last and gap <= 2))


def lowered(table: list[list[int]], text: str) -> str:
    """A text in lower case by a table."""
    return "".join(chr(_lowered(table, ord(char))) for char in text)


def _lowered(table: list[list[int]], code: int) -> int:
    for first, last, step, delta in table:
        if first <= code <= last and not (code - first) % step:
            return code + delta
    return code
