"""What a request shows of an attribute, in a form in which only what is the same is equal.

To Python 1, True, 1.0 and Timestamp(1) are equal, and so are 0.0 and -0.0; to a policy they are
not. Text, which most attributes are, stays as it is; all else is paired with its type.

A client does not send a map without entries, so a request with one shows nothing there.
"""

from collections.abc import Mapping
from typing import Final, TypeAlias

from mixer.attribute.value import Value

Observed: TypeAlias = str | tuple[type, object] | None
"""What can be compared and hashed; None for what is absent."""

UNFIT: Final[Observed] = (object, "no condition is met by this")
"""A NaN; a map where one value was looked for; one value where a map was looked for."""


def observe(value: Value | None, key: str | None) -> Observed:
    """What there is of an attribute with that value, or of that key in it."""
    if key is not None:
        if isinstance(value, Mapping):
            return value.get(key)
        return None if value is None else UNFIT
    kind = value.__class__
    if value is None or kind is str:
        return value  # type: ignore[return-value]
    if isinstance(value, str | int | bytes):
        return kind, value
    if isinstance(value, float):
        return (kind, value.hex()) if value == value else UNFIT  # noqa: PLR0124
    return UNFIT if value else None
