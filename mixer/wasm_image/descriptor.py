"""Descriptors: how a manifest names a blob, so that whoever gets it can tell that it is the one."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from mixer.wasm_image.document import text_map
from mixer.wasm_image.error import ImageError

MAX_BLOB_BYTES: Final = 256 * 1024 * 1024
"""The largest blob that is read; Istio's agent takes no larger module."""

TITLE: Final = "org.opencontainers.image.title"
"""The annotation with the name that a blob has as a file."""

_DIGEST: Final = re.compile("sha256:[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Descriptor:
    """Media type, digest and size of one blob."""

    media_type: str
    digest: str
    """`sha256:` and 64 hexadecimal digits."""
    size: int
    """In bytes."""
    annotations: Mapping[str, str] = field(default_factory=dict)

    def check(self, content: bytes) -> bytes:
        """`content`; raises ImageError if this describes something else."""
        if len(content) != self.size:
            raise ImageError(f"blob {self.digest} has {len(content)} bytes instead of {self.size}")
        if (found := digest(content)) != self.digest:
            raise ImageError(f"blob {self.digest} is damaged or not genuine: its digest is {found}")
        return content

    def encoded(self) -> dict[str, object]:
        """As it stands in a manifest."""
        value: dict[str, object] = {
            "mediaType": self.media_type,
            "digest": self.digest,
            "size": self.size,
        }
        return {**value, "annotations": dict(self.annotations)} if self.annotations else value


def digest(content: bytes) -> str:
    """The name of a blob."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def describe(content: bytes, media_type: str, title: str = "") -> Descriptor:
    """The descriptor of a blob that is at hand."""
    return Descriptor(
        media_type=media_type,
        digest=digest(content),
        size=len(content),
        annotations={TITLE: title} if title else {},
    )


def decode_descriptor(value: Any, what: str) -> Descriptor:
    """The descriptor that stands in a document; raises ImageError, which calls it `what`."""
    match value:
        case {"mediaType": str(media_type), "digest": str(name), "size": int(size)}:
            pass
        case _:
            raise ImageError(f"{what} has no descriptor with mediaType, digest and size")
    # The digest becomes a file's name and part of a URL.
    if not _DIGEST.fullmatch(name):
        raise ImageError(f"{what} has a digest that is no SHA-256: {name!r}")
    if not 0 <= size <= MAX_BLOB_BYTES:
        raise ImageError(f"{what} is of {size} bytes, more than {MAX_BLOB_BYTES}")
    annotations = text_map(value.get("annotations"))
    return Descriptor(media_type=media_type, digest=name, size=size, annotations=annotations)
