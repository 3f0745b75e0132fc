"""Prints results: rich tables and colours on a terminal, plain aligned text elsewhere."""

import json
from collections.abc import Mapping, Sequence

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text


class Screen:
    """Standard output or standard error, as it is when this object is made."""

    def __init__(self, *, to_stderr: bool = False) -> None:
        self._console = Console(stderr=to_stderr, highlight=False, soft_wrap=True)

    def line(self, text: str = "", style: str = "") -> None:
        """Prints one line, or several; `style` (rich's names) only shows on a terminal."""
        self._console.print(Text(text, style=style))

    def heading(self, text: str) -> None:
        """Prints the title of what follows, after an empty line."""
        self.line(f"\n{text}", "bold")

    def facts(self, title: str, facts: Mapping[str, str]) -> None:
        """Prints a title, and below it each fact under its name."""
        width = max(map(len, facts))
        self.line(title, "bold")
        for name, fact in facts.items():
            self.line(f"  {name.ljust(width)}  {fact}")

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Prints `rows` under the names of their columns."""
        if self._console.is_terminal:
            self._console.print(_rich_table(columns, rows), soft_wrap=False)
        else:
            self._console.print(Text("\n".join(_plain_table(columns, rows))))

    def json(self, value: object) -> None:
        """Prints one JSON document on one line."""
        click.echo(json.dumps(value, ensure_ascii=False))


def _rich_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    table = Table(header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return table


def _plain_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    lines = [columns, *rows]
    widths = [max(len(cell) for cell in column) for column in zip(*lines, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]
