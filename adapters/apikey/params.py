"""What can be configured of an apikey handler."""

from dataclasses import dataclass
from typing import Final

from mixer.adapter import Duration

_HALF_A_MINUTE: Final = Duration.parse("30s")
_MINUTE: Final = Duration.parse("1m")


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A key, and what its bearer may call.

    Patterns: `a` matches itself, `a*` what begins with it, `*a` what ends with it, `*` everything.
    """

    name: str = ""
    """Whose key it is; for those who read the configuration, told to nobody."""
    sha256: str = ""
    """SHA-256 of the key in 64 hexadecimal digits, as `printf %s KEY | sha256sum` prints it."""
    apis: tuple[str, ...] = ()
    """Patterns of the APIs that may be called; none: all."""
    versions: tuple[str, ...] = ()
    """Patterns of the API versions that may be called; none: all."""
    operations: tuple[str, ...] = ()
    """Patterns of the operations that may be called; none: all."""
    expires: str = ""
    """The instant from which the key is refused, such as `2030-01-31T00:00:00Z`; empty: never."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """Keys, here or in a file. A key in neither is refused, and so is a call without one."""

    keys: tuple[ApiKey, ...] = ()
    file: str = ""
    """Absolute path of a CSV file with further keys; empty: none. Its first line names columns, as
    the fields of `keys` are called; in lists, patterns are separated by spaces."""
    refresh_interval: Duration = _HALF_A_MINUTE
    """How often the file is read again, at least 1s. One that can't be read, or that has a fault,
    changes nothing."""
    valid_duration: Duration = _MINUTE
    """How long clients may use an answer again, 0 or more; an OK never longer than until the key
    expires. A key that is withdrawn still works at such clients for so long."""
    valid_use_count: int = 10_000
    """How often clients may use an answer again, from 0 to 2147483647."""
