"""`mixs wasm push`: uploads the image of a filter."""

from typing import Any

import click

from mixer.cli.option import CONTEXT_SETTINGS
from mixer.cli.screen import Screen
from mixer.cli.wasm.access import registry_options, repository
from mixer.cli.wasm.failure import told
from mixer.cli.wasm.source import read_image, root_id_option
from mixer.wasm_image.reference import SCHEME, Reference
from mixer.wasm_image.unpack import variant_of


@click.command(context_settings=CONTEXT_SETTINGS)
@click.argument("source", metavar="SRC")
@click.argument("reference", metavar="REGISTRY/NAME:TAG")
@root_id_option
@registry_options
def push(source: str, reference: str, *, root_ids: tuple[str, ...], **given: Any) -> None:
    """Uploads a filter to a registry, as an image.

    SRC is the name of a filter that ships, such as policy_filter, the path of a .wasm file, or an
    image in a folder or an archive. Prints the digest, and the fields of a WasmPlugin that takes
    this image and no other.
    """
    with told():
        name = Reference.parse(reference)
        if name.digest:
            raise click.BadParameter("an image is pushed to a tag, and not to a digest")
        image = read_image(source, root_ids)
        variant_of(image.manifest)
        repository(name, given).push(image)
    digest = image.manifest.digest
    screen = Screen()
    screen.line(digest)
    screen.heading("For a WasmPlugin")
    screen.line(f"  url: {SCHEME}{name}\n  sha256: {digest.partition(':')[2]}")
