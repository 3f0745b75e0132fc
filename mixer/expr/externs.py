"""The functions of the expression language: one table of names, types and code.

Types and behaviour: istio 1.4 `mixer/pkg/lang/ast/func.go`, `mixer/pkg/lang/externs.go`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from types import MappingProxyType
from typing import Final

from mixer.attribute.bag import PlainMap, StringMap
from mixer.attribute.value import ValueType
from mixer.expr.runtime.dns_name import dns_name
from mixer.expr.runtime.email_address import email
from mixer.expr.runtime.number import ip, timestamp
from mixer.expr.runtime.text import (
    byte_count,
    conditional_string,
    ends_with,
    match,
    matches,
    starts_with,
    to_lower,
)
from mixer.expr.runtime.uri import uri


class Kind(Enum):
    """How a function is called, and who makes its code."""

    FUNCTION = auto()
    METHOD = auto()
    """Only with a target: `target.name(…)`."""
    INTRINSIC = auto()
    """A function for which the compiler has syntax; most are operators."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One function. The type VALUE_TYPE_UNSPECIFIED stands for one and the same type throughout."""

    name: str
    kind: Kind
    arguments: tuple[ValueType, ...]
    result: ValueType
    target: ValueType | None = None
    """What a method is called on."""
    implementation: Callable[..., object] | None = None
    """Takes the target, if any, and the arguments; raises EvaluationError. None for operators."""


_EMPTY_MAP: Final = PlainMap(None, {})


def empty_string_map() -> StringMap:
    """The map without entries."""
    return _EMPTY_MAP


_ANY: Final = ValueType.VALUE_TYPE_UNSPECIFIED
_BOOL: Final = ValueType.BOOL
_STRING: Final = ValueType.STRING


def _operator(name: str, operand: ValueType, result: ValueType) -> Signature:
    return Signature(name=name, kind=Kind.INTRINSIC, arguments=(operand, operand), result=result)


def _function(
    arguments: tuple[ValueType, ...],
    result: ValueType,
    implementation: Callable[..., object],
    name: str,
) -> Signature:
    return Signature(
        name=name,
        kind=Kind.FUNCTION,
        arguments=arguments,
        result=result,
        implementation=implementation,
    )


def _method(name: str, implementation: Callable[[str, str], bool]) -> Signature:
    return Signature(
        name=name,
        kind=Kind.METHOD,
        target=_STRING,
        arguments=(_STRING,),
        result=_BOOL,
        implementation=implementation,
    )


_SIGNATURES: Final = (
    *(_operator(name, _ANY, _BOOL) for name in ("EQ", "NEQ", "LT", "LEQ", "GT", "GEQ")),
    *(_operator(name, _BOOL, _BOOL) for name in ("LOR", "LAND")),
    *(_operator(name, _ANY, _ANY) for name in ("OR", "ADD")),
    Signature(
        name="INDEX",
        kind=Kind.INTRINSIC,
        arguments=(ValueType.STRING_MAP, _STRING),
        result=_STRING,
    ),
    Signature(name="conditional", kind=Kind.INTRINSIC, arguments=(_BOOL, _ANY, _ANY), result=_ANY),
    Signature(
        name="size",
        kind=Kind.INTRINSIC,
        arguments=(_STRING,),
        result=ValueType.INT64,
        implementation=byte_count,
    ),
    _function((_STRING,), ValueType.IP_ADDRESS, ip, "ip"),
    _function((_STRING,), ValueType.TIMESTAMP, timestamp, "timestamp"),
    _function((_STRING,), ValueType.DNS_NAME, dns_name, "dnsName"),
    _function((_STRING,), ValueType.EMAIL_ADDRESS, email, "email"),
    _function((_STRING,), ValueType.URI, uri, "uri"),
    _function((_STRING, _STRING), _BOOL, match, "match"),
    _function((_STRING,), _STRING, to_lower, "toLower"),
    _function((), ValueType.STRING_MAP, empty_string_map, "emptyStringMap"),
    _function((_BOOL, _STRING, _STRING), _STRING, conditional_string, "conditionalString"),
    _method("matches", matches),
    _method("startsWith", starts_with),
    _method("endsWith", ends_with),
)

EXTERNS: Final[Mapping[str, Signature]] = MappingProxyType(
    {signature.name: signature for signature in _SIGNATURES}
)
"""All functions by name."""
