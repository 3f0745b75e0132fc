"""What SRC of a command can be: a filter that ships, a module, or an image in a folder or file."""

import tarfile
from pathlib import Path
from typing import Final

import click

from mixer.cli.option import option
from mixer.wasm_image.error import ImageError
from mixer.wasm_image.image import Image
from mixer.wasm_image.layout import read_layout
from mixer.wasm_image.pack import pack
from proxy_client.wasm import shipped_filters

root_id_option: Final = option(
    "--root-id",
    "root_ids",
    multiple=True,
    metavar="NAME",
    help="A root context of the module, for one that wants to be called by a certain name.",
)
"""Names for the runtime configuration of an image that is made."""


def read_module_file(source: str) -> bytes | None:
    """The module that `source` names: a filter that ships, or a file; None if it is an image.

    Raises ClickException if there is nothing of that name.
    """
    shipped = shipped_filters().get(source)
    if shipped is not None:
        return shipped.read_bytes()
    path = Path(source)
    if not path.exists():
        names = ", ".join(shipped_filters())
        message = f"{source}: no such file or folder; filters that ship: {names}"
        raise click.ClickException(message)
    return None if path.is_dir() or tarfile.is_tarfile(path) else path.read_bytes()


def read_image(source: str, root_ids: tuple[str, ...]) -> Image:
    """The image that `source` is, or that is made of it; raises ImageError and ClickException.

    Any name will do for the root context of a filter that ships: it has the filter's.
    """
    module = read_module_file(source)
    if module is not None:
        default = (source,) if source in shipped_filters() else ()
        return pack(module, root_ids or default)
    if root_ids:
        raise ImageError(f"{source} is an image, which says itself what root ids it has")
    return read_layout(Path(source))
