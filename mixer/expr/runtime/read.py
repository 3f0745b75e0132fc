"""What happens when an attribute is not what its type says.

Compiled expressions test the class of a value inline; only a value that fails the test comes here.
Error texts: istio 1.4 `mixer/pkg/il/interpreter/interpreterRun.got`.
"""

from typing import NoReturn

from mixer.attribute.bag import StringMap
from mixer.attribute.value import Duration, Timestamp, Value, stringify
from mixer.errors import EvaluationError, LookupFailedError


def fail_absent(name: str) -> NoReturn:
    """Raises LookupFailedError."""
    raise LookupFailedError(name)


def fail_string(name: str, value: Value | StringMap | None) -> NoReturn:
    """Raises LookupFailedError for None, EvaluationError for what is no text."""
    _fail(name, "string", value)


def fail_bool(name: str, value: Value | StringMap | None) -> NoReturn:
    """Raises LookupFailedError for None, EvaluationError for what is no bool."""
    _fail(name, "bool", value)


def fail_double(name: str, value: Value | StringMap | None) -> NoReturn:
    """Raises LookupFailedError for None, EvaluationError for what is no float."""
    _fail(name, "double", value)


def as_int64(name: str, value: Value | StringMap | None) -> int:
    """The number of a duration, which may stand for an INT64; raises as `fail_string` does."""
    if not isinstance(value, int) or value.__class__ in {bool, Timestamp}:
        _fail(name, "integer or duration", value)
    return int(value)


def as_duration(name: str, value: Value | StringMap | None) -> Duration:
    """The duration of a number, which may stand for one; raises as `fail_string` does."""
    return Duration(as_int64(name, value))


def _fail(name: str, wanted: str, value: Value | StringMap | None) -> NoReturn:
    if value is None:
        raise LookupFailedError(name)
    text = stringify(value.entries if isinstance(value, StringMap) else value)
    raise EvaluationError(f"error converting value to {wanted}: '{text}'")


class EmptyMap(StringMap):
    """The map that has no entries, and keeps none when keys are looked up."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__("", {}, [])

    def __missing__(self, key: str) -> None:
        return None
