"""The errors of Mixer, by what the one who meets them can do.

MixerError
├── ConfigError            mend the configuration; says where: `place: message`
│   └── ConfigErrors       all that is wrong with one configuration
├── ExpressionError        mend the expression; says in which column
├── EvaluationError        nothing wrong with the text: this bag has no value for it
│   └── LookupFailedError  an attribute is absent
├── RequestError           mend the request: it breaks the protocol
├── OverloadedError        try again later
├── UnavailableError       what a handler needs can't be reached now
└── DispatchError          an adapter, or the making of its instance, failed
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final


class MixerError(Exception):
    """Root of all errors that Mixer raises on purpose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """Where in the files a resource or field stands."""

    file: str
    """Path, relative to the configuration directory."""
    line: int
    """Counted from 1."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class ConfigError(MixerError):
    """One thing that is wrong with the configuration."""

    def __init__(self, place: str, message: str, location: Location | None = None) -> None:
        """`place` is resource and field, such as `rule/ns/name: actions[0].handler`."""
        super().__init__(place, message, location)
        self.place = place
        self.message = message
        self.location = location

    def __str__(self) -> str:
        where = f"{self.location}: " if self.location else ""
        return f"{where}{self.place}: {self.message}"


class ConfigErrors(MixerError):  # noqa: N818 - it is many of them
    """Everything that is wrong with one configuration."""

    def __init__(self, errors: Iterable[ConfigError]) -> None:
        self.errors: tuple[ConfigError, ...] = tuple(errors)
        super().__init__(self.errors)

    def __str__(self) -> str:
        return "\n".join(str(error) for error in self.errors)


class ExpressionError(MixerError):
    """The text of an expression does not parse, does not type-check or cannot be compiled."""

    def __init__(self, message: str, column: int) -> None:
        """`column` counts characters from 1, over all lines of the text."""
        super().__init__(message, column)
        self.message = message
        self.column = column

    def __str__(self) -> str:
        return f"col {self.column}: {self.message}"


class EvaluationError(MixerError):
    """An expression has no value for this bag."""


class LookupFailedError(EvaluationError):
    """An attribute that the expression needs is absent."""

    def __init__(self, name: str) -> None:
        super().__init__(f"lookup failed: '{name}'")


class RequestError(MixerError):
    """A request that no server can answer: undecodable, or of another dictionary."""


class OverloadedError(MixerError):
    """The server sheds this request to be able to answer others."""

    def __init__(self) -> None:
        super().__init__("Server is currently overloaded. Please try again.")


class UnavailableError(MixerError):
    """What a handler needs, such as a server, can't be reached now, or not fast enough.

    Handlers raise it so that their circuit breaker hears of it, and `onError` of the rule; OSError
    has the same effect.
    """


AWAY: Final = (UnavailableError, OSError)
"""What handlers raise when the other side is down or too slow."""


class DispatchError(MixerError):
    """An adapter failed, or its instance could not be made; `str()` names which and why."""


def error_text(error: BaseException) -> str:
    """Type and text of anything that a plug-in raised, even when it can't be printed."""
    try:
        text = str(error)
    except Exception:
        text = "(its text can't be had)"
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
