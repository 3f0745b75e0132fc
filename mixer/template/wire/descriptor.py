"""Descriptors in the configuration: base64 of a FileDescriptorSet, which may be gzipped."""

import base64
import zlib
from typing import Final

from google.protobuf.descriptor_pb2 import FileDescriptorSet
from google.protobuf.message import DecodeError

from mixer.template.wire.method import METHODS

_GZIP: Final = b"\x1f\x8b"
_MOST_BYTES: Final = 16 << 20
_SERVICE_PREFIX: Final = "Handle"
_BY_PATH: Final = {method.path: name for name, method in METHODS.items()}


def read_descriptors(text: str) -> FileDescriptorSet:
    """The files that a text describes; raises ValueError for one that describes none."""
    try:
        return FileDescriptorSet.FromString(_content(text))
    except (ValueError, DecodeError, zlib.error) as error:
        message = str(error) or type(error).__name__
        raise ValueError(f"is no base64 of a FileDescriptorSet: {message}") from error


def template_of(text: str) -> str:
    """The name of our template whose service a template's descriptor describes.

    It is the first service whose name begins with `Handle` (istio 1.4
    `mixer/pkg/protobuf/yaml/dynamic`). Raises ValueError where there is none, or it is another
    template's.
    """
    for file in read_descriptors(text).file:
        for service in file.service:
            if service.name.startswith(_SERVICE_PREFIX) and service.method:
                path = f"/{file.package}.{service.name}/{service.method[0].name}"
                if path not in _BY_PATH:
                    raise ValueError(f"describes the service {path}, which no template here has")
                return _BY_PATH[path]
    raise ValueError(f"describes no service whose name begins with {_SERVICE_PREFIX}")


def _content(text: str) -> bytes:
    content = base64.b64decode("".join(text.split()), validate=True)
    if not content.startswith(_GZIP):
        return content
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    content = unpacker.decompress(content, _MOST_BYTES)
    if not unpacker.eof:
        raise ValueError("it is cut off, or too long")
    return content
