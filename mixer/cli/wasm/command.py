"""`mixs wasm`: the group of its commands."""

import click

from mixer.cli.option import CONTEXT_SETTINGS
from mixer.cli.wasm.inspect import inspect
from mixer.cli.wasm.package import package
from mixer.cli.wasm.pull import pull
from mixer.cli.wasm.push import push


@click.group(context_settings=CONTEXT_SETTINGS)
def wasm() -> None:
    """Packages WebAssembly filters as images that Istio fetches, and moves them to registries."""


for _command in (package, push, pull, inspect):
    wasm.add_command(_command)
