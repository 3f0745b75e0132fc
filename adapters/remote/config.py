"""What a back end is configured with, as a message."""

from typing import Any, Final

from google.protobuf import json_format
from google.protobuf.any_pb2 import Any as WireAny
from google.protobuf.descriptor import Descriptor
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from google.protobuf.struct_pb2 import Struct

from mixer.errors import MixerError
from mixer.template.wire import read_descriptors

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
        for file in read_descriptors(config).file:
            pool.AddSerializedFile(file.SerializeToString())
            messages = pool.FindFileByName(file.name).message_types_by_name
            found = messages.get(_MESSAGE, found)
    except (ValueError, TypeError, KeyError) as error:
        raise ConfigRefusedError("config", str(error) or type(error).__name__) from error
    if found is None:
        raise ConfigRefusedError("config", f"describes no message named {_MESSAGE}")
    return found
