"""Manifests: what an image consists of."""

from dataclasses import dataclass
from typing import Any, Final

from mixer.wasm_image.descriptor import Descriptor, decode_descriptor, digest
from mixer.wasm_image.document import decode
from mixer.wasm_image.error import ImageError
from mixer.wasm_image.media_type import DOCKER_MANIFEST, OCI_MANIFEST

MAX_MANIFEST_BYTES: Final = 4 * 1024 * 1024
"""The largest manifest that is read, as registries have it."""

_TYPES: Final = (OCI_MANIFEST, DOCKER_MANIFEST)
_PLATFORM: Final = ("linux", "amd64")
"""The platform that Istio's agent asks for, on whichever it runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The manifest of one image."""

    content: bytes
    """As it is written: its digest names the image."""
    media_type: str
    config: Descriptor
    layers: tuple[Descriptor, ...]

    @property
    def digest(self) -> str:
        """The name of the image."""
        return digest(self.content)


def decode_manifest(content: bytes) -> Manifest:
    """Raises ImageError if it is no manifest of one image."""
    value = decode(content, "the manifest")
    # Manifests of OCI images need not say what they are.
    media_type = value.get("mediaType", OCI_MANIFEST)
    if media_type not in _TYPES:
        raise ImageError(f"a manifest of the type {media_type!r} is of no image")
    layers = value.get("layers")
    if not isinstance(layers, list):
        raise ImageError("the manifest has no layers")
    return Manifest(
        content=content,
        media_type=media_type,
        config=decode_descriptor(value.get("config"), "the manifest's config"),
        layers=tuple(
            decode_descriptor(layer, f"layer {number} of the manifest")
            for number, layer in enumerate(layers, 1)
        ),
    )


def is_index(content: bytes) -> bool:
    """Whether a manifest is one of several images; raises ImageError if it is no JSON object."""
    return "manifests" in decode(content, "the manifest")


def choose(content: bytes) -> Descriptor:
    """Of several images, the one that Istio's agent takes: the first for linux/amd64.

    `docker build` makes such an index around its image, without saying so. Raises ImageError when
    there is none.
    """
    manifests = decode(content, "the index").get("manifests")
    for number, one in enumerate(manifests if isinstance(manifests, list) else [], 1):
        if _is_for_platform(one):
            return decode_descriptor(one, f"image {number} of the index")
    raise ImageError(f"the index has no image for {'/'.join(_PLATFORM)}, which Istio asks for")


def _is_for_platform(one: Any) -> bool:
    platform = one.get("platform") if isinstance(one, dict) else None
    if not isinstance(platform, dict):
        return True
    return (platform.get("os"), platform.get("architecture")) == _PLATFORM
