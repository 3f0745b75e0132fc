"""What an expression case is, and short ways to write one."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from mixer.attribute.bag import Reference
from mixer.attribute.value import Duration, Timestamp, Value, ValueType
from mixer.attribute.vocabulary import AttributeInfo, Vocabulary

STRING: Final = ValueType.STRING
INT64: Final = ValueType.INT64
DOUBLE: Final = ValueType.DOUBLE
BOOL: Final = ValueType.BOOL
TIMESTAMP: Final = ValueType.TIMESTAMP
IP_ADDRESS: Final = ValueType.IP_ADDRESS
EMAIL_ADDRESS: Final = ValueType.EMAIL_ADDRESS
URI: Final = ValueType.URI
DNS_NAME: Final = ValueType.DNS_NAME
DURATION: Final = ValueType.DURATION
STRING_MAP: Final = ValueType.STRING_MAP
VALUE_TYPE_UNSPECIFIED: Final = ValueType.VALUE_TYPE_UNSPECIFIED

MAX_INT64: Final = (1 << 63) - 1

_TYPES: Final = {
    **dict.fromkeys(("as", "bs", "cs", "request.path", "source.name"), STRING),
    **dict.fromkeys(("ai", "bi"), INT64),
    **dict.fromkeys(("ad", "bd"), DOUBLE),
    **dict.fromkeys(("ab", "bb"), BOOL),
    **dict.fromkeys(("at", "bt"), TIMESTAMP),
    **dict.fromkeys(("aip", "bip"), IP_ADDRESS),
    **dict.fromkeys(("adns", "bdns"), DNS_NAME),
    **dict.fromkeys(("adur", "bdur"), DURATION),
    **dict.fromkeys(("ar", "br", "request.headers"), STRING_MAP),
    "amail": EMAIL_ADDRESS,
    "auri": URI,
    "abytes": VALUE_TYPE_UNSPECIFIED,
}

VOCABULARY: Final = Vocabulary(
    {name: AttributeInfo(value_type=value_type) for name, value_type in _TYPES.items()}
)
"""The attributes of all cases: the first letters tell the type."""


class Stage(Enum):
    """How far an expression comes."""

    CHECK = auto()
    """It does not parse, or has no type."""
    COMPILE = auto()
    """It has a type, but nothing can evaluate it."""
    EVALUATE = auto()
    """It can be evaluated, and has a value or none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One expression, the bag it is evaluated for, and what is wanted."""

    expression: str
    attributes: Mapping[str, Value]
    stage: Stage
    """The last one that the expression reaches."""
    type: ValueType | None = None
    """None for what does not type-check."""
    value: Value | None = None
    """None when there is an error."""
    error: str | None = None
    """The message, without column."""
    column: int | None = None
    """Where an error before evaluation is."""
    references: tuple[Reference, ...] | None = None
    """What evaluation reads, in that order; None when the case is not about it."""


def giving(
    expression: str,
    attributes: Mapping[str, Value],
    value_type: ValueType,
    value: Value,
    references: tuple[Reference, ...] | None = None,
) -> Case:
    """An expression that has a value."""
    return Case(
        expression=expression,
        attributes=attributes,
        stage=Stage.EVALUATE,
        type=value_type,
        value=value,
        references=references,
    )


def failing(
    expression: str,
    attributes: Mapping[str, Value],
    value_type: ValueType,
    error: str,
    references: tuple[Reference, ...] | None = None,
) -> Case:
    """An expression that has no value for this bag."""
    return Case(
        expression=expression,
        attributes=attributes,
        stage=Stage.EVALUATE,
        type=value_type,
        error=error,
        references=references,
    )


def rejected(expression: str, error: str, column: int) -> Case:
    """A text that does not parse or has no type."""
    return Case(expression=expression, attributes={}, stage=Stage.CHECK, error=error, column=column)


def without_code(expression: str, value_type: ValueType, error: str, column: int) -> Case:
    """An expression that has a type, but can't be evaluated."""
    return Case(
        expression=expression,
        attributes={},
        stage=Stage.COMPILE,
        type=value_type,
        error=error,
        column=column,
    )


def found(name: str, key: str | None = None) -> Reference:
    """The record of an attribute, or of an entry of a map, that was read and was there."""
    return Reference(name, key, True)


def absent(name: str, key: str | None = None) -> Reference:
    """The record of an attribute, or of an entry of a map, that was read and was not there."""
    return Reference(name, key, False)


def ipv4(text: str) -> bytes:
    """The 4 bytes of an address."""
    return ipaddress.IPv4Address(text).packed


def ipv6(text: str) -> bytes:
    """The 16 bytes of an IPv4 address, as `ip()` makes them."""
    return bytes(10) + b"\xff\xff" + ipv4(text)


def instant(text: str) -> Timestamp:
    """A time, written as in RFC 3339."""
    return Timestamp.parse(text)


def duration(text: str) -> Duration:
    """A length of time, written as in Go."""
    return Duration.parse(text)
