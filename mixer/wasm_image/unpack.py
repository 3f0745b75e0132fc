"""Finds the module in an image, in all forms that Istio's agent takes.

The forms, in the order in which they are tried:

1. `compat` of Docker: a Docker manifest whose last layer is an archive with `plugin.wasm`;
2. `compat` of OCI: the same with OCI's media types;
3. `oci`: exactly two layers, of which one is the module itself.
"""

import io
import tarfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from gzip import GzipFile
from pathlib import PurePosixPath
from typing import Final

from mixer.wasm_image.descriptor import MAX_BLOB_BYTES, Descriptor
from mixer.wasm_image.error import ImageError
from mixer.wasm_image.image import Image
from mixer.wasm_image.manifest import Manifest
from mixer.wasm_image.media_type import (
    DOCKER_LAYER,
    DOCKER_MANIFEST,
    OCI_LAYER,
    WASM_CONFIG,
    WASM_MODULE,
)
from mixer.wasm_image.runtime_config import RuntimeConfig, decode_runtime_config

_MODULE_FILE: Final = "plugin.wasm"
_CONFIG_FILE: Final = "runtime-config.json"


class Variant(Enum):
    """The form of an image."""

    OCI = "oci"
    COMPAT_OCI = "compat (OCI)"
    COMPAT_DOCKER = "compat (Docker)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpacked:
    """What is in an image."""

    variant: Variant
    module: bytes
    runtime: RuntimeConfig | None
    """None if the image does not say; in the variant `oci` it must."""


def variant_of(manifest: Manifest) -> Variant:
    """The form of an image; raises ImageError if Istio's agent would not take it."""
    types = [layer.media_type for layer in manifest.layers]
    last = types[-1] if types else "nothing"
    if manifest.media_type == DOCKER_MANIFEST:
        if last != DOCKER_LAYER:
            raise ImageError(f"the last layer of a Docker image must be {DOCKER_LAYER}, not {last}")
        return Variant.COMPAT_DOCKER
    if last == OCI_LAYER:
        return Variant.COMPAT_OCI
    if types == [WASM_MODULE]:
        raise ImageError(
            "the module is the only layer; Istio takes it with a second one, which says what runs "
            f"it ({WASM_CONFIG})"
        )
    if len(types) != 2 or WASM_MODULE not in types:
        listed = ", ".join(types) or "no layers"
        raise ImageError(f"not the layers of a filter, two with one {WASM_MODULE}: {listed}")
    return Variant.OCI


def unpack(image: Image) -> Unpacked:
    """The module of an image, and what it says of it.

    Raises ImageError if Istio's agent would not take it or a blob is damaged, and what the image's
    place raises.
    """
    variant = variant_of(image.manifest)
    return _READERS[variant](variant, image)


def _unpack_layers(variant: Variant, image: Image) -> Unpacked:
    layers = image.manifest.layers
    module = next(layer for layer in layers if layer.media_type == WASM_MODULE)
    configs = [layer for layer in layers if layer.media_type == WASM_CONFIG]
    return Unpacked(
        variant=variant,
        module=image.blob(module),
        runtime=decode_runtime_config(image.blob(configs[0])) if configs else None,
    )


def _unpack_archive(variant: Variant, image: Image) -> Unpacked:
    layer = image.manifest.layers[-1]
    files = _files(image.blob(layer), layer)
    if _MODULE_FILE not in files:
        raise ImageError(f"the last layer has no {_MODULE_FILE}")
    config = files.get(_CONFIG_FILE)
    return Unpacked(
        variant=variant,
        module=files[_MODULE_FILE],
        runtime=None if config is None else decode_runtime_config(config),
    )


_READERS: Final[Mapping[Variant, Callable[[Variant, Image], Unpacked]]] = {
    Variant.OCI: _unpack_layers,
    Variant.COMPAT_OCI: _unpack_archive,
    Variant.COMPAT_DOCKER: _unpack_archive,
}


def _files(content: bytes, layer: Descriptor) -> dict[str, bytes]:
    """The two files of an archive that matter, as far as it has them; in whichever folder."""
    files: dict[str, bytes] = {}
    try:
        with tarfile.open(fileobj=io.BytesIO(_inflate(content)), mode="r:") as archive:
            for member in archive:
                name = PurePosixPath(member.name).name
                if member.isreg() and name in {_MODULE_FILE, _CONFIG_FILE} and name not in files:
                    files[name] = _content(archive, member)
    except (tarfile.TarError, OSError, EOFError, ValueError, zlib.error) as error:
        raise ImageError(f"layer {layer.digest} is no archive: {error}") from error
    return files


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    # A sparse file is larger than the archive that it is in.
    if member.size > MAX_BLOB_BYTES:
        raise ImageError(f"{member.name} in a layer has more than {MAX_BLOB_BYTES} bytes")
    stream = archive.extractfile(member)
    assert stream is not None  # since it is a regular file
    return stream.read()


def _inflate(content: bytes) -> bytes:
    inflated = GzipFile(fileobj=io.BytesIO(content)).read(MAX_BLOB_BYTES + 1)
    if len(inflated) > MAX_BLOB_BYTES:
        raise ImageError(f"a layer inflates to more than {MAX_BLOB_BYTES} bytes")
    return inflated
