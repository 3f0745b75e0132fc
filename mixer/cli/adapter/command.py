"""`mixs adapter`: the group of its commands."""

import click

from mixer.cli.adapter.new import new
from mixer.cli.adapter.serve import serve
from mixer.cli.option import CONTEXT_SETTINGS


@click.group(context_settings=CONTEXT_SETTINGS)
def adapter() -> None:
    """Helps to write adapters; `mixs adapters` lists those that are installed."""


adapter.add_command(new)
adapter.add_command(serve)
