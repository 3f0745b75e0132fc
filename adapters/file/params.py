"""What a configuration says to the file adapter, and what is wrong with it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from mixer.adapter import Duration, InstanceType, ParamError

_NONE: Final = Duration(0)
_TEN_SECONDS: Final = Duration.parse("10s")
_THIRTY_DAYS: Final = Duration.parse("720h")


class Format(IntEnum):
    """What the files hold."""

    JSON = 0
    """One object in each line. A call returns when its lines are written."""
    PARQUET = 1
    """Tables, one file for each instance and interval. Needs the extra `parquet`."""


class Fsync(IntEnum):
    """When to wait for the disk; without that, a loss of power may cost what was written."""

    NEVER = 0
    INTERVAL = 1
    """JSON: every `flush_interval`. PARQUET: each file, before it appears."""
    ALWAYS = 2
    """JSON: before a call returns, which makes it as slow as the disk. PARQUET: as INTERVAL."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """One file handler."""

    path: str = ""
    """JSON: the file, in a folder that exists. PARQUET: the folder; made at need."""
    format: Format = Format.JSON
    fsync: Fsync = Fsync.NEVER
    flush_interval: Duration = _TEN_SECONDS
    """PARQUET: what came in that time is one file. JSON: only for `fsync`. More than 0."""
    max_rows: int = 50_000
    """PARQUET: so many records of one instance are a file at once, at least 1.

    Twice as many may wait while files are written; others are dropped and counted.
    """
    max_megabytes: int = 100
    """JSON: the size at which the file is set aside, in units of 2**20 bytes; 0 for never."""
    max_age: Duration = _NONE
    """JSON: the file is set aside by the first write after that time; 0 for never.

    The time begins when the handler opens the file.
    """
    max_kept_files: int = 1000
    """How many files are kept: set aside (JSON), or of one instance (PARQUET); 0 for all."""
    max_kept_for: Duration = _THIRTY_DAYS
    """How long these are kept; 0 for ever. Files are removed when another one is made."""


def validate(params: Params, _instances: Mapping[str, InstanceType]) -> Iterator[ParamError]:
    """All that is wrong with `params`."""
    if not params.path:
        yield ParamError(field="path", message="must be given")
    if params.flush_interval <= 0:
        yield ParamError(field="flush_interval", message="must be more than 0")
    if params.max_rows < 1:
        yield ParamError(field="max_rows", message="must be at least 1")
    for name in ("max_megabytes", "max_age", "max_kept_files", "max_kept_for"):
        if getattr(params, name) < 0:
            yield ParamError(field=name, message="must not be negative")
