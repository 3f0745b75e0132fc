"""The types of values on the stack, as `verify_code` follows them.

To a machine ints, times and durations are one type.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, Final

from mixer.export.constant import from_json, kind_of
from mixer.export.program import Kind, Program


class Type(StrEnum):
    """What values are to the machine."""

    TEXT = "text"
    NUMBER = "number"
    BOOL = "bool"
    DOUBLE = "double"
    ADDRESS = "address"
    MAP = "map"
    ANY = "anything"
    """Of what never has a value."""


_OF_KINDS: Final = {
    Kind.TEXT: Type.TEXT,
    Kind.INT: Type.NUMBER,
    Kind.BOOL: Type.BOOL,
    Kind.DOUBLE: Type.DOUBLE,
    Kind.ADDRESS: Type.ADDRESS,
    Kind.TIME: Type.NUMBER,
    Kind.DURATION: Type.NUMBER,
    Kind.MAP: Type.MAP,
}
_OF_SOURCES: Final = {
    "absent": Type.ANY,
    "query_params": Type.MAP,
    "headers": Type.MAP,
    "response_headers": Type.MAP,
    "content_length": Type.NUMBER,
    "end_time": Type.NUMBER,
    "address": Type.ADDRESS,
}


def of_kind(kind: int) -> Type:
    """The type of values of a kind."""
    return _OF_KINDS[Kind(kind)]


def of_constant(program: Program, number: int) -> Type:
    """The type of a constant."""
    return of_kind(kind_of(from_json(program["constants"][number])))


def of_source(program: Program, source: Sequence[Any]) -> Type | None:
    """The type of an attribute's values; None if its sources are of several types."""
    name, *arguments = source
    match name:
        case "constant":
            return of_constant(program, arguments[0])
        case "property":
            return of_kind(arguments[1])
        case "first":
            return _common([of_source(program, other) for other in arguments])
    return _OF_SOURCES.get(name, Type.TEXT)


def _common(types: Sequence[Type | None]) -> Type | None:
    found: Type | None = Type.ANY
    for other in types:
        found = agreed(found, other) if found and other else None
    return found


def agreed(one: Type, other: Type) -> Type | None:
    """What both are: one is ANY, or they are the same. None otherwise."""
    if one is Type.ANY:
        return other
    return one if other in {one, Type.ANY} else None
