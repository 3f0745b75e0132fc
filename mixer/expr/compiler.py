"""From the text of one expression to a Python function of a bag."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import cast

from mixer.attribute.bag import Bag
from mixer.attribute.value import Value, ValueType
from mixer.attribute.vocabulary import Vocabulary
from mixer.errors import ExpressionError
from mixer.expr.ast import Node
from mixer.expr.checker import check
from mixer.expr.emitter import emit
from mixer.expr.grammar import parse
from mixer.expr.namespace import Namespace

_Evaluate = Callable[[Bag], Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """A compiled expression."""

    text: str
    """As the user wrote it."""
    type: ValueType
    """What it evaluates to."""
    source: str
    """The generated Python expression over `bag`."""
    names: Mapping[str, object]
    """What the other names in `source` stand for: constants, attribute names and helpers."""
    evaluate: _Evaluate
    """The value for a bag. Raises EvaluationError; LookupFailedError for an absent attribute."""


def compile_expression(
    text: str, vocabulary: Vocabulary, expected: ValueType | None = None
) -> Expression:
    """Parses, type-checks and compiles `text`; raises ExpressionError.

    `expected` is the type that the expression must have; None for any.
    """
    node, kind = _parse_typed(text, vocabulary, expected)
    namespace = Namespace()
    source = emit(node, vocabulary, namespace)
    code = compile(f"lambda bag: {source}", "<expression>", "eval")
    # Safe: emitted source holds nothing that the user wrote (see `namespace`).
    evaluate = cast("_Evaluate", eval(code, namespace.globals))  # noqa: S307
    names = {name: value for name, value in namespace.globals.items() if name != "__builtins__"}
    return Expression(
        text=text,
        type=kind,
        source=source,
        names=MappingProxyType(names),
        evaluate=evaluate,
    )


def parse_checked(
    text: str, vocabulary: Vocabulary, expected: ValueType | None = None
) -> tuple[Node, ValueType]:
    """The syntax tree and type of a text that `compile_expression` would accept.

    For those who emit it themselves, as a part of something larger. Raises ExpressionError.
    """
    node, kind = _parse_typed(text, vocabulary, expected)
    emit(node, vocabulary, Namespace())
    return node, kind


def _parse_typed(
    text: str, vocabulary: Vocabulary, expected: ValueType | None
) -> tuple[Node, ValueType]:
    node = parse(text)
    kind = check(node, vocabulary)
    if expected is not None and kind is not expected:
        raise ExpressionError(
            f"expression '{text}' evaluated to type {kind.name}, expected type {expected.name}",
            node.column,
        )
    return node, kind
