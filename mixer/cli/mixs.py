"""`mixs`: runs a Mixer, and says what it would do."""

import click

from mixer.cli.adapter.command import adapter
from mixer.cli.adapters import adapters
from mixer.cli.attributes import attributes
from mixer.cli.demo.command import demo
from mixer.cli.export import export
from mixer.cli.expr import expr
from mixer.cli.ledger.command import ledger
from mixer.cli.option import CONTEXT_SETTINGS
from mixer.cli.server import server
from mixer.cli.validate import validate
from mixer.cli.version import version
from mixer.cli.wasm.command import wasm


@click.group(context_settings={**CONTEXT_SETTINGS, "auto_envvar_prefix": "MIXS"})
def main() -> None:
    """Runs a Mixer, and says what it would do."""


for _command in (
    *(server, demo, validate, expr, export),
    *(wasm, adapters, adapter, ledger, attributes, version),
):
    main.add_command(_command)
