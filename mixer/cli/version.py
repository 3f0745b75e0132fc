"""`mixs version`: which Mixer this is, and what it runs on."""

import platform
from importlib import metadata
from typing import Final

import click

import mixer
from mixer.cli.option import CONTEXT_SETTINGS, Output, option, output_option
from mixer.cli.screen import Screen

_BUILT_ON: Final = ("grpcio", "protobuf", "prometheus-client")


@click.command(context_settings=CONTEXT_SETTINGS)
@option("-s", "--short", is_flag=True, help="Only the version of Mixer.")
@output_option
def version(*, short: bool, output: Output) -> None:
    """Prints the version of Mixer, of Python, and of the libraries that matter most."""
    versions = {"mixer": mixer.__version__}
    if not short:
        versions["python"] = platform.python_version()
        versions |= {name: metadata.version(name) for name in _BUILT_ON}
    screen = Screen()
    if output is Output.JSON:
        screen.json(versions)
    elif short:
        screen.line(mixer.__version__)
    else:
        screen.table(("component", "version"), list(versions.items()))
