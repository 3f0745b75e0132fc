"""`mixs attributes`: the vocabulary of a configuration, and where protocols have it from."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from mixer.api.doors import MAPPINGS
from mixer.cli.config import DIRECTORY, read_snapshot
from mixer.cli.option import CONTEXT_SETTINGS, Output, option, output_option
from mixer.cli.screen import Screen


@click.command(context_settings=CONTEXT_SETTINGS)
@option("--config", type=DIRECTORY, metavar="DIR", help="Whose attributes; else the demo's.")
@option(
    "--protocol",
    type=click.Choice(list(MAPPINGS)),
    help="Show which attributes a request of that protocol has, and where each comes from.",
)
@output_option
def attributes(config: Path | None, protocol: str | None, output: Output) -> None:
    """Lists the attributes that expressions may name, with their types.

    --output json prints a list of objects: name, type, description; with --protocol, path,
    attribute, type.
    """
    columns: tuple[str, ...]
    if protocol is not None:
        columns = ("path", "attribute", "type")
        rows = [(row.path, row.attribute, row.value_type.name) for row in MAPPINGS[protocol]]
    else:
        columns = ("name", "type", "description")
        vocabulary = read_snapshot(config).vocabulary
        rows = [
            (name, info.value_type.name, info.description)
            for name, info in sorted(vocabulary.items())
        ]
    _show(columns, rows, output)


def _show(columns: Sequence[str], rows: Iterable[Sequence[str]], output: Output) -> None:
    screen = Screen()
    if output is Output.JSON:
        screen.json([dict(zip(columns, row, strict=True)) for row in rows])
    else:
        screen.table(columns, list(rows))
