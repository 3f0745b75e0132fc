"""Evaluates at compile time what depends on no attribute, such as `ip("10.0.0.1")`."""

from dataclasses import replace
from typing import cast

from mixer.attribute.bag import StringMap
from mixer.attribute.value import Value
from mixer.errors import EvaluationError
from mixer.expr.ast import Call, Constant, Node
from mixer.expr.externs import EXTERNS


def fold(node: Node) -> Node:
    """The node with constants for calls whose arguments are constant.

    A call that fails stays, because it must fail when it is evaluated, and only then.
    """
    if not isinstance(node, Call):
        return node
    target = fold(node.target) if node.target else None
    call = replace(node, target=target, arguments=tuple(map(fold, node.arguments)))
    parts = call.arguments if target is None else (target, *call.arguments)
    values = [part.value for part in parts if isinstance(part, Constant)]
    signature = EXTERNS[node.name]
    if signature.implementation is None or len(values) < len(parts):
        return call
    try:
        value = signature.implementation(*values)
    except EvaluationError:
        return call
    return Constant(
        value=cast("Value | StringMap", value), type=signature.result, column=node.column
    )
