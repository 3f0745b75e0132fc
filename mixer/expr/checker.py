"""The types of expressions, by the rules of istio 1.4 `mixer/pkg/lang/ast/expr.go`.

Nothing is converted: not even INT64 to DOUBLE. Unlike the original, too many arguments are an
error too.
"""

from mixer.attribute.value import ValueType
from mixer.attribute.vocabulary import Vocabulary
from mixer.errors import ExpressionError
from mixer.expr.ast import Attribute, Call, Constant, Node
from mixer.expr.externs import EXTERNS, Kind, Signature
from mixer.expr.printer import to_prefix
from mixer.suggestion import did_you_mean

_ANY = ValueType.VALUE_TYPE_UNSPECIFIED


def check(node: Node, vocabulary: Vocabulary) -> ValueType:
    """The type of what a node evaluates to.

    Raises ExpressionError with the column of the part that is wrong.
    """
    if isinstance(node, Constant):
        return node.type
    if isinstance(node, Attribute):
        return _attribute_type(node, vocabulary)
    signature = _signature(node)
    if node.target is not None:
        _check_target(node, signature, check(node.target, vocabulary))
    _check_count(node, signature)
    return _check_arguments(node, signature, vocabulary)


def _attribute_type(node: Attribute, vocabulary: Vocabulary) -> ValueType:
    info = vocabulary.get(node.name)
    if info is None:
        hint = did_you_mean(node.name, vocabulary)
        raise ExpressionError(f"unknown attribute {node.name}{hint}", node.column)
    return info.value_type


def _signature(node: Call) -> Signature:
    signature = EXTERNS.get(node.name)
    if signature is None:
        hint = did_you_mean(node.name, EXTERNS)
        raise ExpressionError(f"unknown function: {node.name}{hint}", node.column)
    if (node.target is not None) != (signature.kind is Kind.METHOD):
        fault = (
            "invoking instance method without an instance"
            if node.target is None
            else "invoking regular function on instance method"
        )
        raise ExpressionError(f"{fault}: {node.name}", node.column)
    return signature


def _check_target(node: Call, signature: Signature, found: ValueType) -> None:
    assert node.target is not None
    assert signature.target is not None
    if found is not signature.target:
        raise ExpressionError(
            f"{to_prefix(node)} target typeError got {found.name}, "
            f"expected {signature.target.name}",
            node.target.column,
        )


def _check_count(node: Call, signature: Signature) -> None:
    found, expected = len(node.arguments), len(signature.arguments)
    if found != expected:
        raise ExpressionError(
            f"{to_prefix(node)} arity mismatch. Got {found} arg(s), expected {expected} arg(s)",
            node.column,
        )


def _check_arguments(node: Call, signature: Signature, vocabulary: Vocabulary) -> ValueType:
    """The type of the call, when all arguments have theirs."""
    common = _ANY
    wanted = zip(node.arguments, signature.arguments, strict=True)
    for number, (argument, declared) in enumerate(wanted, 1):
        found = check(argument, vocabulary)
        expected = declared or common or found
        if declared is _ANY:
            common = expected
        if found is not expected:
            raise ExpressionError(
                f"{to_prefix(node)} arg {number} ({to_prefix(argument)}) typeError "
                f"got {found.name}, expected {expected.name}",
                argument.column,
            )
    return signature.result or common
