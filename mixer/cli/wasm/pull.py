"""`mixs wasm pull`: downloads the module of an image."""

from pathlib import Path
from typing import Any

import click

from mixer.cli.option import CONTEXT_SETTINGS, option
from mixer.cli.screen import Screen
from mixer.cli.wasm.access import registry_options, repository
from mixer.cli.wasm.failure import told
from mixer.wasm_image.module import read_module
from mixer.wasm_image.reference import Reference
from mixer.wasm_image.unpack import unpack


@click.command(context_settings=CONTEXT_SETTINGS)
@click.argument("reference", metavar="REGISTRY/NAME:TAG")
@option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Where the module goes.",
)
@registry_options
def pull(reference: str, output: Path, **given: Any) -> None:
    """Downloads the module of an image, in any form that Istio takes, and checks its digests.

    After the name, @sha256:… in place of :TAG says which image it must be. Prints its digest.
    """
    with told():
        image = repository(Reference.parse(reference), given).fetch()
        module = unpack(image).module
        read_module(module)
        output.write_bytes(module)
    Screen().line(image.manifest.digest)
