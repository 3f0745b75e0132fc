"""What a back end is configured with, as a message."""

import base64
import zlib
from typing import Any, Final

from google.protobuf import json_format
from google.protobuf.any_pb2 import Any as WireAny
from google.protobuf.descriptor import Descriptor
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message import DecodeError, Message
from google.protobuf.message_factory import GetMessageClass
from google.protobuf.struct_pb2 import Struct

from mixer.errors import MixerError

_GZIP: Final = b"\x1f\x8b"
_MOST_BYTES: Final = 16 << 20
_MESSAGE: Final = "Params"


class ConfigRefusedError(MixerError):
    """A back end can't be configured so."""

    def __init__(self, field: str, message: str) -> None:
        """`field` is the param at fault."""
        super().__init__(message)
        self.field: Final = field


def adapter_config(params: Any, config: str) -> WireAny | None:
    """The message that goes to the back end; None when there is nothing to tell.

    Raises ConfigRefusedError.
    """
    if params is None and not config:
        return None
    message: Message = GetMessageClass(_descriptor(config))() if config else Struct()
    try:
        json_format.ParseDict({} if params is None else params, message)
    except (json_format.ParseError, TypeError, ValueError, AttributeError) as error:
        raise ConfigRefusedError("params", str(error)) from error
    packed = WireAny()
    packed.Pack(message, deterministic=True)
    return packed


def _descriptor(config: str) -> Descriptor:
    pool = DescriptorPool()
    found: Descriptor | None = None
    try:
        for file in FileDescriptorSet.FromString(_content(config)).file:
            pool.AddSerializedFile(file.SerializeToString())
            messages = pool.FindFileByName(file.name).message_types_by_name
            found = messages.get(_MESSAGE, found)
    except (ValueError, OSError, EOFError, DecodeError, TypeError, KeyError, zlib.error) as error:
        text = str(error) or type(error).__name__
        raise ConfigRefusedError(
            "config", f"is no base64 of a FileDescriptorSet: {text}"
        ) from error
    if found is None:
        raise ConfigRefusedError("config", f"describes no message named {_MESSAGE}")
    return found


def _content(config: str) -> bytes:
    content = base64.b64decode("".join(config.split()), validate=True)
    if not content.startswith(_GZIP):
        return content
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    content = unpacker.decompress(content, _MOST_BYTES)
    if not unpacker.eof:
        raise ValueError("it is cut off, or too long")
    return content
