"""The syntax tree of an expression.

Operators are calls of named functions, as in istio 1.4 `mixer/pkg/lang/ast/expr.go`: `a == b` and
`EQ(a, b)` are the same tree. Nodes are equal when they mean the same, wherever they stand.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from mixer.attribute.bag import StringMap
from mixer.attribute.value import Value, ValueType

BINARY_FUNCTIONS: Final = {
    "||": "LOR",
    "&&": "LAND",
    "==": "EQ",
    "!=": "NEQ",
    "<": "LT",
    "<=": "LEQ",
    ">": "GT",
    ">=": "GEQ",
    "+": "ADD",
    "-": "SUB",
    "|": "OR",
    "^": "XOR",
    "*": "MUL",
    "/": "QUO",
    "%": "REM",
    "<<": "SHL",
    ">>": "SHR",
    "&": "AND",
    "&^": "AND_NOT",
}
"""What function each operator between two operands stands for; not all of them exist."""

UNARY_FUNCTIONS: Final = {
    "!": "NOT",
    "-": "SUB",
    "+": "ADD",
    "^": "XOR",
    "&": "AND",
    "<-": "ARROW",
}
"""The same for operators before one operand; none of them exists with one argument."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Constant:
    """A literal, or what calls of literals only come to."""

    value: Value | StringMap
    type: ValueType
    text: str = field(default="", compare=False)
    """As it was written; empty for what nobody wrote."""
    column: int = field(default=1, compare=False)
    """Counted from 1, in characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """The value of one attribute."""

    name: str
    column: int = field(default=1, compare=False)
    """Where the name begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A function, a method of `target`, or an operator."""

    name: str
    arguments: tuple["Node", ...]
    target: "Node | None" = None
    column: int = field(default=1, compare=False)
    """Where the name of the function, or the operator, stands."""


Node = Constant | Attribute | Call
"""An expression or a part of one."""


def children(node: Node) -> tuple[Node, ...]:
    """The direct parts of a node, in the order of evaluation."""
    if not isinstance(node, Call):
        return ()
    return node.arguments if node.target is None else (node.target, *node.arguments)


def walk(node: Node) -> Iterator[Node]:
    """The node and all its parts, in no particular order."""
    pending = [node]
    while pending:
        part = pending.pop()
        yield part
        pending.extend(children(part))


def chain(node: Call) -> list[Node]:
    """The operands of `a + b + c`: those of `node` and of the same function on its left."""
    operands: list[Node] = []
    left: Node = node
    while isinstance(left, Call) and left.name == node.name and len(left.arguments) == 2:
        left, right = left.arguments
        operands.append(right)
    return [left, *reversed(operands)]
