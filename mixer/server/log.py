"""Structured logs: one line per event, as JSON for machines or in colour for people.

Code logs through the standard library; this module only decides how a record looks. What a record
carries in `extra` (such as the handler that an adapter logs for) becomes fields of the line.
"""

import logging
import sys
from collections.abc import Sequence
from enum import Enum
from typing import Final, TextIO

import structlog
from structlog.types import EventDict, Processor


class LogFormat(Enum):
    """How log lines look."""

    AUTO = "auto"
    """CONSOLE where the stream is a terminal, otherwise JSON."""
    JSON = "json"
    """One object per line: `time`, `level`, `logger`, `event`, then what the record carries."""
    CONSOLE = "console"
    """Aligned text; coloured where the stream is a terminal."""


class LogLevel(Enum):
    """The least severity that is written."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


_SHARED: Final[Sequence[Processor]] = (
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
)
_FIRST: Final = ("time", "level", "logger", "event")


def configure(log_format: LogFormat, level: LogLevel, stream: TextIO | None = None) -> None:
    """Sends what the process logs to `stream`, standard error unless given.

    Replaces whatever logging was set up before. Standard output stays free for the `stdio` adapter.
    """
    stream = stream or sys.stderr
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_formatter(log_format, stream))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.value.upper())


def _formatter(log_format: LogFormat, stream: TextIO) -> logging.Formatter:
    as_console = (
        stream.isatty() if log_format is LogFormat.AUTO else log_format is LogFormat.CONSOLE
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_SHARED,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            *(_console(stream) if as_console else _json()),
        ],
    )


def _console(stream: TextIO) -> Sequence[Processor]:
    return [
        structlog.dev.ConsoleRenderer(
            colors=stream.isatty(),
            timestamp_key="time",
            # The default prints local variables too, which may be secret.
            exception_formatter=structlog.dev.plain_traceback,
        )
    ]


def _json() -> Sequence[Processor]:
    return [
        structlog.processors.format_exc_info,
        _in_order,
        structlog.processors.JSONRenderer(default=str, ensure_ascii=False),
    ]


def _in_order(_logger: object, _method: str, event: EventDict) -> EventDict:
    return {key: event[key] for key in _FIRST if key in event} | dict(event)
