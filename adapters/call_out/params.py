"""What is configured of TLS, tokens and retries, and what can be wrong with it."""

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from mixer.adapter import ParamError

_HEADER: Final = re.compile(r"[a-z0-9][-_.a-z0-9]*")
_RESERVED: Final = frozenset({"connection", "content-length", "content-type", "host", "te"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Tls:
    """How each side knows the other one.

    Files are read when the handler is made.
    """

    ca: str = ""
    """Path of a PEM file with the authorities that are trusted; empty for the system's."""
    client_certificate: str = ""
    """Path of a PEM file with the chain that this side shows; empty for mutual TLS off."""
    client_key: str = ""
    """Path of the PEM file with the key of that certificate."""
    server_name: str = ""
    """The name that must be in the server's certificate; empty for the host of the address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A secret that goes with each call."""

    path: str = ""
    """Path of the file with the token; read again within a second when it has changed."""
    header: str = "authorization"
    """The header, in lower case, that carries it."""
    scheme: str = "Bearer"
    """The word before the token; empty for the token alone."""

    def value(self, text: str) -> str:
        """The header's value for this token."""
        return f"{self.scheme} {text}" if self.scheme else text


def tls_errors(tls: Tls | None) -> Iterator[ParamError]:
    """What is wrong with the params named `tls`."""
    if tls is not None and bool(tls.client_certificate) != bool(tls.client_key):
        missing = "client_key" if tls.client_certificate else "client_certificate"
        yield ParamError(field=f"tls.{missing}", message="is missing: both or neither")


def credential_errors(
    token: Token | None, host: str, *, is_encrypted: bool
) -> Iterator[ParamError]:
    """What is wrong with the params named `token`, for calls to that host."""
    if token is None:
        return
    if not token.path:
        yield ParamError(field="token.path", message="is missing: where is the token?")
    if _HEADER.fullmatch(token.header) is None or token.header in _RESERVED:
        message = f"{token.header!r} is no header for a token; want one in lower case"
        yield ParamError(field="token.header", message=message)
    if not token.scheme.isascii() or not token.scheme.isprintable():
        yield ParamError(field="token.scheme", message="want printable ASCII")
    if not is_encrypted and not is_this_machine(host):
        message = f"would be readable on the way to {host}: it needs TLS"
        yield ParamError(field="token", message=message)


def retry_errors(percent: int) -> Iterator[ParamError]:
    """What is wrong with the param named `retry_percent`."""
    if not 0 <= percent <= 100:
        yield ParamError(field="retry_percent", message="must be from 0 to 100")


def is_this_machine(host: str) -> bool:
    """Whether a host is the loopback, by its name or address; nothing is looked up."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"
