"""What can be configured of a webhook, and what can be wrong with it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from adapters.call_out import HttpTarget, Tls, Token, target_errors
from adapters.webhook.signature import SIGNATURE, TIMESTAMP
from mixer.adapter import Duration, InstanceType, ParamError

_TIMEOUT: Final = Duration.parse("400ms")
_HEADER: Final = re.compile(r"[-!#$%&'*+.^_`|~0-9a-zA-Z]+")
_OURS: Final = frozenset(
    {"connection", "content-length", "content-type", "host", "transfer-encoding"}
    | {SIGNATURE.lower(), TIMESTAMP.lower()}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """Where the service is, and how it is called."""

    url: str = ""
    """`http://` or `https://`; everything is POSTed there. Redirects are not followed."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Headers that go with each call. Secrets belong into `token`."""
    timeout: Duration = _TIMEOUT
    """How long connecting, and each wait for data, may take. The handler's `isolation` bounds the
    whole call."""
    retry_percent: int = 20
    """How many retries a hundred calls may cause; 0 for none. Only calls whose connection failed,
    or that were answered 502, 503 or 504, are retried, once, and reports never are."""
    max_answer_bytes: int = 65536
    """Longer answers are errors."""
    max_connections: int = 16
    """How many connections are kept open; calls beyond make connections of their own."""
    tls: Tls | None = None
    """For `https`; without it, the system's authorities are trusted."""
    token: Token | None = None
    """Without it, calls carry no token. It needs `https`, except on this machine."""
    signing_key: str = ""
    """Path of a file with the key that calls are signed with; empty for no signature. It is read
    again within a second when it has changed."""


def target_of(params: Params) -> HttpTarget:
    """Where the service is, for its client."""
    return HttpTarget(
        url=params.url,
        timeout=params.timeout,
        retry_percent=params.retry_percent,
        max_answer_bytes=params.max_answer_bytes,
        max_connections=params.max_connections,
        tls=params.tls,
        token=params.token,
    )


def validate(params: Params, _instances: Mapping[str, InstanceType]) -> Iterator[ParamError]:
    """All that is wrong, as far as it can be seen without files and connections."""
    yield from target_errors(target_of(params))
    for name, value in params.headers.items():
        if message := _header_fault(name, value):
            yield ParamError(field="headers", message=message)


def _header_fault(name: str, value: str) -> str:
    if _HEADER.fullmatch(name) is None or name.lower() in _OURS:
        return f"{name!r} can't be set"
    if not value.isascii() or not value.isprintable():
        return f"{name}: want printable ASCII"
    return ""
