"""Which types an operator can work on, beyond what the type checker asks.

`adur == "5s"` has a type, but nothing can evaluate it: these are the `internal compiler error`s of
istio 1.4 `mixer/pkg/lang/compiler/compiler.go`. Names, addresses and URIs are ordered and joined
as the plain text they are.
"""

from collections.abc import Mapping
from typing import Final

from mixer.attribute.value import ValueType
from mixer.attribute.vocabulary import Vocabulary
from mixer.errors import ExpressionError
from mixer.expr.ast import Attribute, Call, Node, walk
from mixer.expr.checker import check

TEXT_TYPES: Final = frozenset(
    {ValueType.STRING, ValueType.DNS_NAME, ValueType.EMAIL_ADDRESS, ValueType.URI}
)
_SUMMABLE: Final = TEXT_TYPES | {ValueType.INT64, ValueType.DOUBLE}
_ORDERED: Final = _SUMMABLE | {ValueType.TIMESTAMP}
_COMPARABLE: Final = _ORDERED | {ValueType.BOOL, ValueType.IP_ADDRESS}

SYMBOLS: Final[Mapping[str, str]] = {
    "EQ": "==",
    "NEQ": "!=",
    "LT": "<",
    "LEQ": "<=",
    "GT": ">",
    "GEQ": ">=",
}
"""The comparisons, which are written alike here and in Python."""
_OPERANDS: Final = {
    **dict.fromkeys(("EQ", "NEQ"), _COMPARABLE),
    **dict.fromkeys(("LT", "LEQ", "GT", "GEQ"), _ORDERED),
    "ADD": _SUMMABLE,
}


def check_operators(node: Node, vocabulary: Vocabulary) -> None:
    """Raises ExpressionError when a part of a type-checked expression can't be evaluated."""
    for part in walk(node):
        if isinstance(part, Attribute):
            _check_attribute(part, vocabulary)
        elif isinstance(part, Call) and part.name in _OPERANDS:
            kind = check(part.arguments[0], vocabulary)
            if kind not in _OPERANDS[part.name]:
                symbol = SYMBOLS.get(part.name, "+")
                raise ExpressionError(f"{kind.name} does not support {symbol}", part.column)


def _check_attribute(node: Attribute, vocabulary: Vocabulary) -> None:
    if vocabulary[node.name].value_type is ValueType.VALUE_TYPE_UNSPECIFIED:
        raise ExpressionError(
            f"attribute {node.name} is of type VALUE_TYPE_UNSPECIFIED, which has no values",
            node.column,
        )
