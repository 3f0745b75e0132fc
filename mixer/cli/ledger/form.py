"""Rows as people, spreadsheets or programs want them."""

import csv
import json
import sys
from collections.abc import Iterable, Sequence
from enum import Enum
from typing import Final

import click

from mixer.cli.option import option
from mixer.cli.screen import Screen


class Form(Enum):
    """How rows are printed."""

    TEXT = "text"
    """For people: a table."""
    JSON = "json"
    """For programs: one object in each line; amounts are text, because they are exact."""
    CSV = "csv"
    """For spreadsheets: names of columns first."""


form_option: Final = option(
    "-o",
    "--output",
    type=click.Choice(Form, case_sensitive=False),
    default=Form.TEXT.value,
    help="text for people, json for programs (one object a line), csv for spreadsheets.",
)
"""--output."""


def show(columns: Sequence[str], rows: Iterable[Sequence[str | int]], form: Form) -> None:
    """Prints the rows; all but tables as they come."""
    if form is Form.TEXT:
        Screen().table(columns, [[str(cell) for cell in row] for row in rows])
    elif form is Form.JSON:
        for row in rows:
            click.echo(json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False))
    else:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)
