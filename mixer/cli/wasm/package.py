"""`mixs wasm package`: writes the image of a filter to a folder or an archive."""

from pathlib import Path

import click

from mixer.cli.option import CONTEXT_SETTINGS, option
from mixer.cli.screen import Screen
from mixer.cli.wasm.failure import told
from mixer.cli.wasm.source import read_image, root_id_option
from mixer.wasm_image.layout import write_layout


@click.command(context_settings=CONTEXT_SETTINGS)
@click.argument("source", metavar="SRC")
@option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="A new folder, or an archive if it ends with .tar.",
)
@root_id_option
def package(source: str, output: Path, *, root_ids: tuple[str, ...]) -> None:
    """Packages a filter as an image in a folder or an archive.

    SRC is the name of a filter that ships, such as policy_filter, the path of a .wasm file, or an
    image in a folder or an archive. The same filter gives the same bytes, always. Other tools call
    the result oci:FOLDER and oci-archive:FILE.
    """
    with told():
        image = read_image(source, root_ids)
        write_layout(image, output)
    Screen().line(image.manifest.digest)
