"""A key, ready to be asked about."""

import re
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from adapters.apikey.params import ApiKey
from adapters.pattern import Patterns
from mixer.adapter import Timestamp

_SHA256: Final = re.compile(r"[0-9a-fA-F]{64}", re.ASCII)
_ALL: Final = Patterns.parse(("*",))

Digest = bytes
"""SHA-256 of a key."""


class Key(NamedTuple):
    """What the bearer of a key may call, and until when."""

    apis: Patterns
    versions: Patterns
    operations: Patterns
    expires_ns: int | None
    """Nanoseconds since 1970; None for never."""

    def allows(self, api: str, version: str, operation: str) -> bool:
        """Whether the call is among those that its bearer may make."""
        return (
            self.apis.match(api)
            and self.versions.match(version)
            and self.operations.match(operation)
        )


def compiled(key: ApiKey) -> tuple[Digest, Key]:
    """A valid key, under its digest."""
    expires_ns = int(Timestamp.parse(key.expires)) if key.expires else None
    return bytes.fromhex(key.sha256), Key(
        apis=_patterns(key.apis),
        versions=_patterns(key.versions),
        operations=_patterns(key.operations),
        expires_ns=expires_ns,
    )


def faults(key: ApiKey) -> Iterator[tuple[str, str]]:
    """What is wrong with a key: fields and messages, which tell nothing of the hash."""
    if not _SHA256.fullmatch(key.sha256):
        yield "sha256", "must be 64 hexadecimal digits: the SHA-256 of the key"
    checks: tuple[tuple[str, Callable[[], object]], ...] = (
        ("apis", lambda: Patterns.parse(key.apis)),
        ("versions", lambda: Patterns.parse(key.versions)),
        ("operations", lambda: Patterns.parse(key.operations)),
        ("expires", lambda: Timestamp.parse(key.expires) if key.expires else None),
    )
    for field, check in checks:
        try:
            check()
        except ValueError as error:
            yield field, str(error)


def _patterns(texts: tuple[str, ...]) -> Patterns:
    return Patterns.parse(texts) if texts else _ALL
