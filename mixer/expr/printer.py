"""Expressions as text: in the form of error messages, and in the form that parses again."""

from typing import Final

from mixer.attribute.value import Duration, ValueType
from mixer.expr.ast import BINARY_FUNCTIONS, UNARY_FUNCTIONS, Attribute, Call, Constant, Node

_BINARY: Final = {name: operator for operator, name in BINARY_FUNCTIONS.items()}
_UNARY: Final = {name: operator for operator, name in UNARY_FUNCTIONS.items()}
_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n"}


def to_prefix(node: Node) -> str:
    """The form that error messages use: `EQ($as, "0")`, `$as:startsWith("x")`."""
    if isinstance(node, Constant):
        return node.text or _literal(node)
    if isinstance(node, Attribute):
        return f"${node.name}"
    arguments = ", ".join(map(to_prefix, node.arguments))
    target = f"{to_prefix(node.target)}:" if node.target else ""
    return f"{target}{node.name}({arguments})"


def to_text(node: Node) -> str:
    """Expression text that parses to an equal tree, with all parentheses written out."""
    if isinstance(node, Constant):
        return _literal(node)
    if isinstance(node, Attribute):
        return node.name
    arguments = [to_text(argument) for argument in node.arguments]
    if node.target is not None:
        return f"{_closed(node.target)}.{node.name}({', '.join(arguments)})"
    if node.name == "INDEX" and len(arguments) == 2:
        return f"{_closed(node.arguments[0])}[{arguments[1]}]"
    if _is_operator(node, 2):
        return f"({arguments[0]} {_BINARY[node.name]} {arguments[1]})"
    if _is_operator(node, 1):
        return f"({_UNARY[node.name]}{arguments[0]})"
    return f"{node.name}({', '.join(arguments)})"


def _is_operator(node: Call, operand_count: int) -> bool:
    names = _BINARY if operand_count == 2 else _UNARY
    return node.target is None and node.name in names and len(node.arguments) == operand_count


def _closed(node: Node) -> str:
    """The text of what a selector or an index follows."""
    text = to_text(node)
    is_operator = isinstance(node, Call) and (_is_operator(node, 2) or _is_operator(node, 1))
    return text if is_operator or isinstance(node, Attribute) else f"({text})"


def _literal(constant: Constant) -> str:
    value = constant.value
    if constant.type is ValueType.BOOL:
        return "true" if value else "false"
    if constant.type in {ValueType.INT64, ValueType.DOUBLE}:
        return repr(value)
    assert isinstance(value, str | Duration)
    return _quoted(str(value))


def _quoted(text: str) -> str:
    return '"' + "".join(_ESCAPES.get(char, char) for char in text) + '"'
