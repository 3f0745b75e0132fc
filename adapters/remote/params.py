"""What can be configured of a remote adapter, and what can be wrong with it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from adapters.call_out import Tls, Token, credential_errors, retry_errors, tls_errors
from adapters.remote.config import ConfigRefusedError, adapter_config
from mixer.adapter import Duration, InstanceType, ParamError

_ADDRESS: Final = re.compile(r"(dns:///)?(?P<host>\[[0-9a-fA-F:.]+\]|[-_.a-zA-Z0-9]+):\d{1,5}")
_SOCKET: Final = re.compile(r"unix:/.+")
_TIMEOUT: Final = Duration.parse("400ms")


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """Where the back end is, what it is told, and how it is called."""

    address: str = ""
    """`HOST:PORT` or `unix:/PATH`. All addresses of the host are used in turn."""
    params: Any = None
    """What the back end is configured with: any mapping. It gets a google.protobuf.Struct, or, with
    `config`, its own message."""
    config: str = ""
    """The descriptors of the back end's own params, as in `config` of Mixer's adapter resources:
    base64 of a FileDescriptorSet, which may be gzipped. The last message named `Params` is meant.
    """
    session_based: bool = False
    """Whether the back end is told its params once, and gets the id of a session with each call."""
    timeout: Duration = _TIMEOUT
    """How long one call may take, its retry included. The handler's `isolation` bounds it too."""
    retry_percent: int = 20
    """How many retries a hundred calls may cause; 0 for none. Only calls that found the back end
    unavailable are retried, once, and reports never are."""
    max_answer_bytes: int = 65536
    """Longer answers are errors."""
    tls: Tls | None = None
    """Without it, nothing is encrypted."""
    token: Token | None = None
    """Without it, calls carry no token. It needs `tls`, except on this machine."""


def validate(params: Params, _instances: Mapping[str, InstanceType]) -> Iterator[ParamError]:
    """All that is wrong, as far as it can be seen without files and connections."""
    found = _ADDRESS.fullmatch(params.address)
    is_socket = _SOCKET.fullmatch(params.address) is not None
    if found is None and not is_socket:
        message = f"want HOST:PORT or unix:/PATH, got {params.address!r}"
        yield ParamError(field="address", message=message)
    if params.timeout <= 0:
        yield ParamError(field="timeout", message="must be more than 0")
    if params.max_answer_bytes <= 0:
        yield ParamError(field="max_answer_bytes", message="must be more than 0")
    yield from retry_errors(params.retry_percent)
    yield from tls_errors(params.tls)
    is_encrypted = params.tls is not None or is_socket
    host = found["host"] if found else ""
    yield from credential_errors(params.token, host, is_encrypted=is_encrypted)
    try:
        adapter_config(params.params, params.config)
    except ConfigRefusedError as error:
        yield ParamError(field=error.field, message=str(error))
