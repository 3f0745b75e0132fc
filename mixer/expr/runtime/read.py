"""What happens when an attribute is not what its type says.

Compiled expressions test the class of a value inline; only a value that fails the test comes here.
Error texts: istio 1.4 `mixer/pkg/il/interpreter/interpreterRun.got`.
"""

from typing import NoReturn

from mixer.attribute.bag import Bag, StringMap
from mixer.attribute.value import Duration, Timestamp, Value, stringify
from mixer.errors import EvaluationError, LookupFailedError


def missed(bag: Bag, name: str) -> None:
    """Records the read of an attribute that is absent or of no use."""
    bag.read(name)


def fail_absent(bag: Bag, name: str) -> NoReturn:
    """Raises LookupFailedError."""
    bag.read(name)
    raise LookupFailedError(name)


def fail_string(bag: Bag, name: str) -> NoReturn:
    """Raises LookupFailedError for None, EvaluationError for what is no text."""
    _fail(name, "string", bag.read(name))


def fail_bool(bag: Bag, name: str) -> NoReturn:
    """Raises LookupFailedError for None, EvaluationError for what is no bool."""
    _fail(name, "bool", bag.read(name))


def fail_double(bag: Bag, name: str) -> NoReturn:
    """Raises LookupFailedError for None, EvaluationError for what is no float."""
    _fail(name, "double", bag.read(name))


def as_int64(bag: Bag, name: str) -> int:
    """The number of a duration, which may stand for an INT64; raises as `fail_string` does."""
    value = bag.read(name)
    if not isinstance(value, int) or value.__class__ in {bool, Timestamp}:
        _fail(name, "integer or duration", value)
    return int(value)


def as_duration(bag: Bag, name: str) -> Duration:
    """The duration of a number, which may stand for one; raises as `fail_string` does."""
    return Duration(as_int64(bag, name))


def _fail(name: str, wanted: str, value: Value | StringMap | None) -> NoReturn:
    if value is None:
        raise LookupFailedError(name)
    text = stringify(value.entries if isinstance(value, StringMap) else value)
    raise EvaluationError(f"error converting value to {wanted}: '{text}'")
