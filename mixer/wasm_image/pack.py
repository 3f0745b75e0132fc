"""Makes the image of a module: the variant `oci`, with two layers."""

from collections.abc import Sequence
from typing import Final

from mixer.wasm_image.descriptor import describe
from mixer.wasm_image.document import encode
from mixer.wasm_image.image import Image
from mixer.wasm_image.manifest import decode_manifest
from mixer.wasm_image.media_type import OCI_CONFIG, OCI_MANIFEST, WASM_CONFIG, WASM_MODULE
from mixer.wasm_image.module import abi_version
from mixer.wasm_image.runtime_config import RuntimeConfig

MODULE_FILE: Final = "filter.wasm"
"""The title of the layer with the module."""
CONFIG_FILE: Final = "runtime-config.json"
"""The title of the layer that says what runs it."""


def pack(module: bytes, root_ids: Sequence[str] = ()) -> Image:
    """The image of a module; the same bytes for the same arguments, always.

    Raises ImageError if Envoy would not load the module.
    """
    runtime = RuntimeConfig(abi_versions=(f"v{abi_version(module)}",), root_ids=tuple(root_ids))
    contents = (
        (runtime.encoded(), WASM_CONFIG, CONFIG_FILE),
        (module, WASM_MODULE, MODULE_FILE),
    )
    layers = [describe(*each) for each in contents]
    config = _config([layer.digest for layer in layers])
    manifest = {
        "schemaVersion": 2,
        "mediaType": OCI_MANIFEST,
        "config": describe(config, OCI_CONFIG).encoded(),
        "layers": [layer.encoded() for layer in layers],
    }
    blobs = {describe(one, "").digest: one for one in (config, *(each[0] for each in contents))}
    return Image(
        manifest=decode_manifest(encode(manifest)), load=lambda wanted: blobs[wanted.digest]
    )


def _config(diff_ids: Sequence[str]) -> bytes:
    # Nobody reads it, but registries and copying tools want an image to have one, and of this type.
    rootfs = {"type": "layers", "diff_ids": diff_ids}
    return encode({"architecture": "wasm", "os": "wasip1", "config": {}, "rootfs": rootfs})
