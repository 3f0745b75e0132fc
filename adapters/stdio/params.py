"""What a configuration says to the stdio adapter, and what is wrong with it.

Names, numbers and defaults are those of istio 1.4 `mixer/adapter/stdio/config/config.proto`; the
default of `max_megabytes_before_rotation` is the documented one (the original's was 2**20 times
larger).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

from mixer.adapter import InstanceType, ParamError


class Stream(IntEnum):
    """Where lines go."""

    STDOUT = 0
    STDERR = 1
    FILE = 2
    """Appended to a file, which is made at need."""
    ROTATED_FILE = 3
    """The same, and the file is set aside when it is full."""


class Level(IntEnum):
    """How grave a line is, in order."""

    INFO = 0
    WARNING = 1
    ERROR = 2


_SEVERITY_LEVELS: Final[Mapping[str, Level]] = {
    "INFORMATIONAL": Level.INFO,
    "informational": Level.INFO,
    "INFO": Level.INFO,
    "info": Level.INFO,
    "WARNING": Level.WARNING,
    "warning": Level.WARNING,
    "WARN": Level.WARNING,
    "warn": Level.WARNING,
    "ERROR": Level.ERROR,
    "error": Level.ERROR,
    "ERR": Level.ERROR,
    "err": Level.ERROR,
    "FATAL": Level.ERROR,
    "fatal": Level.ERROR,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """One stdio handler."""

    log_stream: Stream = Stream.STDOUT
    severity_levels: Mapping[str, Level] = field(default_factory=lambda: dict(_SEVERITY_LEVELS))
    """The level of each severity of a log entry; any other severity is INFO."""
    metric_level: Level = Level.INFO
    """The level of metrics."""
    output_as_json: bool = True
    """Whether a line is one JSON object, or tab-separated time, level, instance and object."""
    output_level: Level = Level.INFO
    """Lines below this level are dropped."""
    output_path: str = ""
    """The file; only for FILE and ROTATED_FILE."""
    max_megabytes_before_rotation: int = 100
    """The size at which a ROTATED_FILE is full, in units of 2**20 bytes; 0 for never."""
    max_days_before_rotation: int = 30
    """How long rotated files are kept; 0 for ever."""
    max_rotated_files: int = 1000
    """How many rotated files are kept; 0 for all."""


def validate(params: Params, _instances: Mapping[str, InstanceType]) -> Iterator[ParamError]:
    """All that is wrong with `params`."""
    to_file = params.log_stream in (Stream.FILE, Stream.ROTATED_FILE)
    if to_file != bool(params.output_path):
        message = f"must {'' if to_file else 'not '}be given for {params.log_stream.name}"
        yield ParamError(field="output_path", message=message)
    for name in (
        "max_megabytes_before_rotation",
        "max_days_before_rotation",
        "max_rotated_files",
    ):
        if getattr(params, name) < 0:
            yield ParamError(field=name, message="must not be negative")
