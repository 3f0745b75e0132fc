"""One field of many rows, made for quick look-ups.

A set of rows is an int, whose bit *i* stands for row *i*. What a value selects is then a handful
of look-ups and ORs however many rows there are, and rows that match in all columns are an AND.
"""

from collections.abc import Sequence

from adapters.pattern import Patterns

Rows = int


class Column:
    """The patterns that the rows have in one field."""

    def __init__(self, cells: Sequence[Patterns | None]) -> None:
        """One cell for each row; None is free: it matches any value, and also none."""
        self.free: Rows = 0
        """The rows that match when there is no value."""
        self._any: Rows = 0
        self._exact: dict[str, Rows] = {}
        self._prefixes: dict[str, Rows] = {}
        self._suffixes: dict[str, Rows] = {}
        for row, cell in enumerate(cells):
            self._add(1 << row, cell)
        self._any |= self.free
        self._prefix_lengths = sorted({len(prefix) for prefix in self._prefixes})
        self._suffix_lengths = sorted({len(suffix) for suffix in self._suffixes})

    def _add(self, bit: Rows, cell: Patterns | None) -> None:
        if cell is None:
            self.free |= bit
            return
        if cell.any:
            self._any |= bit
        for table, texts in (
            (self._exact, cell.exact),
            (self._prefixes, cell.prefixes),
            (self._suffixes, cell.suffixes),
        ):
            for text in texts:
                table[text] = table.get(text, 0) | bit

    def rows(self, value: str) -> Rows:
        """The rows that match a value."""
        found = self._any | self._exact.get(value, 0)
        length = len(value)
        for count in self._prefix_lengths:
            if count > length:
                break
            found |= self._prefixes.get(value[:count], 0)
        for count in self._suffix_lengths:
            if count > length:
                break
            found |= self._suffixes.get(value[length - count :], 0)
        return found
