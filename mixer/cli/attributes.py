"""`mixs attributes`: the vocabulary of a configuration."""

from pathlib import Path

import click

from mixer.cli.config import DIRECTORY, read_snapshot
from mixer.cli.option import CONTEXT_SETTINGS, Output, option, output_option
from mixer.cli.screen import Screen


@click.command(context_settings=CONTEXT_SETTINGS)
@option("--config", type=DIRECTORY, metavar="DIR", help="Whose attributes; else the demo's.")
@output_option
def attributes(config: Path | None, output: Output) -> None:
    """Lists the attributes that expressions may name, with their types.

    --output json prints a list of objects: name, type, description.
    """
    rows = [
        (name, info.value_type.name, info.description)
        for name, info in sorted(read_snapshot(config).vocabulary.items())
    ]
    columns = ("name", "type", "description")
    screen = Screen()
    if output is Output.JSON:
        screen.json([dict(zip(columns, row, strict=True)) for row in rows])
    else:
        screen.table(columns, rows)
