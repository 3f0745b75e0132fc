"""The parser: Go's expression grammar, less the nodes that Mixer has no use for.

Operators by precedence, all of them left associative:

=====  =====================
level  operators
=====  =====================
5      `* / % << >> & &^`
4      `+ - | ^`
3      `== != < <= > >=`
2      `&&`
1      `||`
=====  =====================

So `a | b == c` is `(a | b) == c`. What Go accepts and Mixer does not (slices, function literals, a
selector on an index expression) is `unexpected expression`, with the name that Go gives such a
node. Behaviour: istio 1.4 `mixer/pkg/lang/ast/expr.go` and Go `go/parser`.
"""

from enum import Enum, auto
from typing import Final, NoReturn

from mixer.attribute.value import ValueType
from mixer.errors import ExpressionError
from mixer.expr.ast import BINARY_FUNCTIONS, UNARY_FUNCTIONS, Attribute, Call, Constant, Node
from mixer.expr.ast import children as children_of
from mixer.expr.grammar.constant import constant
from mixer.expr.grammar.lexer import tokenize
from mixer.expr.grammar.token import LITERALS, Kind, Token

MAX_LENGTH: Final = 65536
"""How many characters an expression may have."""
MAX_DEPTH: Final = 128
"""How many calls may lie one in another; a chain `a | b | c` counts as well.

The walks over the tree, and Python's compiler after them, need stack for each level.
"""

_PRECEDENCE: Final = {
    **dict.fromkeys(("*", "/", "%", "<<", ">>", "&", "&^"), 5),
    **dict.fromkeys(("+", "-", "|", "^"), 4),
    **dict.fromkeys(("==", "!=", "<", "<=", ">", ">=", "="), 3),
    "&&": 2,
    "||": 1,
}
_GO_NODES: Final = {
    "func": "FuncLit",
    "struct": "StructType",
    "map": "MapType",
    "chan": "ChanType",
    "interface": "InterfaceType",
    "[": "CompositeLit",
}
"""Tokens that begin an operand in Go, but not here."""


def parse(text: str) -> Node:
    """The syntax tree of an expression; raises ExpressionError."""
    if len(text) > MAX_LENGTH:
        raise ExpressionError(f"expression is longer than {MAX_LENGTH} characters", 1)
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ExpressionError("illegal UTF-8 encoding", error.start + 1) from error
    node = _Parser(text).parse()
    _check_depth(node)
    return node


def _check_depth(node: Node) -> None:
    level = [node]
    for _ in range(MAX_DEPTH + 1):
        level = [child for parent in level for child in children_of(parent)]
        if not level:
            return
    raise _too_deep(level[0].column)


def _too_deep(column: int) -> ExpressionError:
    return ExpressionError(f"expression nests more than {MAX_DEPTH} levels deep", column)


class _Form(Enum):
    """How an operand was written; decides whether a selector or a call may follow."""

    NAME = auto()
    VALUE = auto()
    """A literal, a call, or anything in parentheses."""
    INDEX = auto()


class _Parser:
    def __init__(self, text: str) -> None:
        self._tokens = tokenize(text)
        self._token = next(self._tokens)
        self._depth = 0

    def parse(self) -> Node:
        node = self._expression(1)
        if self._token.kind is Kind.NEWLINE:
            self._advance()
        if self._token.kind is not Kind.END:
            self._expected("'EOF'")
        return node

    def _advance(self) -> Token:
        token = self._token
        self._token = next(self._tokens, token)
        return token

    def _at(self, operator: str) -> bool:
        return self._token.kind is Kind.OPERATOR and self._token.text == operator

    def _expect(self, operator: str) -> Token:
        if not self._at(operator):
            self._expected(f"'{operator}'")
        return self._advance()

    def _expected(self, what: str) -> NoReturn:
        message = f"expected {what}, found {self._token.description}"
        raise ExpressionError(message, self._token.column)

    def _unexpected(self, kind: str, column: int) -> NoReturn:
        raise ExpressionError(f"unexpected expression: {kind}", column)

    def _expression(self, level: int) -> Node:
        """Operands joined by operators of `level` or tighter."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise _too_deep(self._token.column)
        left = self._unary()
        while (precedence := self._precedence()) >= level:
            operator = self._advance()
            right = self._expression(precedence + 1)
            name = BINARY_FUNCTIONS[operator.text]
            left = Call(name=name, arguments=(left, right), column=operator.column)
        self._depth -= 1
        return left

    def _precedence(self) -> int:
        if self._token.kind is not Kind.OPERATOR:
            return 0
        if self._at("="):
            self._expected("'=='")
        return _PRECEDENCE.get(self._token.text, 0)

    def _unary(self) -> Node:
        operators: list[Token] = []
        while self._token.kind is Kind.OPERATOR and self._token.text in UNARY_FUNCTIONS:
            operators.append(self._advance())
        if self._at("*"):
            self._unexpected("StarExpr", self._token.column)
        node = self._primary()
        for operator in reversed(operators):
            name = UNARY_FUNCTIONS[operator.text]
            node = Call(name=name, arguments=(node,), column=operator.column)
        return node

    def _primary(self) -> Node:
        """An operand with its selectors, indices and calls."""
        node, form = self._operand()
        while self._token.kind is Kind.OPERATOR:
            if self._at("."):
                node, form = self._selected(node, form)
            elif self._at("["):
                node, form = self._indexed(_finished(node, form)), _Form.INDEX
            elif self._at("("):
                node, form = self._called(node, form), _Form.VALUE
            elif self._at("{") and form is _Form.NAME:
                self._unexpected("CompositeLit", self._token.column)
            else:
                break
        return _finished(node, form)

    def _operand(self) -> tuple[Node, _Form]:
        token = self._token
        if token.kind is Kind.NAME:
            self._advance()
            return Attribute(name=token.text, column=token.column), _Form.NAME
        if self._at("("):
            self._advance()
            node = self._expression(1)
            self._expect(")")
            return node, _Form.VALUE
        if token.kind not in LITERALS:
            self._no_operand()
        self._advance()
        return constant(token), _Form.VALUE

    def _no_operand(self) -> NoReturn:
        if self._token.text in _GO_NODES:
            self._unexpected(_GO_NODES[self._token.text], self._token.column)
        self._expected("operand")

    def _selected(self, node: Node, form: _Form) -> tuple[Node, _Form]:
        """`.name`: one more word of an attribute's name, or a method call of a value."""
        self._advance()
        word = self._token
        if self._at("("):
            self._unexpected("TypeAssertExpr", word.column)
        if word.kind is not Kind.NAME:
            self._expected("selector or type assertion")
        if form is _Form.INDEX:
            self._unexpected("IndexExpr before a selector; put it in parentheses", node.column)
        self._advance()
        if isinstance(node, Attribute) and form is _Form.NAME:
            return Attribute(name=f"{node.name}.{word.text}", column=node.column), form
        if not self._at("("):
            self._unexpected("SelectorExpr", word.column)
        return self._call(word.text, node, word.column), _Form.VALUE

    def _called(self, node: Node, form: _Form) -> Node:
        if not isinstance(node, Attribute) or form is not _Form.NAME:
            self._unexpected("CallExpr of something that is no name", self._token.column)
        path, _, name = node.name.rpartition(".")
        if not path:
            return self._call(name, None, node.column)
        target = Attribute(name=path, column=node.column)
        return self._call(name, target, node.column + len(path) + 1)

    def _call(self, name: str, target: Node | None, column: int) -> Call:
        self._expect("(")
        arguments: list[Node] = []
        while not self._at(")") and self._token.kind is not Kind.END:
            arguments.append(self._expression(1))
            if self._at("..."):
                self._unexpected("Ellipsis", self._token.column)
            if not self._at(","):
                break
            self._advance()
        if not self._at(")"):
            self._missing_comma()
        self._advance()
        return Call(name=name, arguments=tuple(arguments), target=target, column=column)

    def _missing_comma(self) -> NoReturn:
        if self._token.kind is Kind.END:
            self._expected("')'")
        where = "before newline " if self._token.kind is Kind.NEWLINE else ""
        raise ExpressionError(f"missing ',' {where}in argument list", self._token.column)

    def _indexed(self, mapping: Node) -> Call:
        bracket = self._advance()
        if self._at(":"):
            self._unexpected("SliceExpr", bracket.column)
        key = self._expression(1)
        if self._at(":"):
            self._unexpected("SliceExpr", bracket.column)
        self._expect("]")
        return Call(name="INDEX", arguments=(mapping, key), column=bracket.column)


def _finished(node: Node, form: _Form) -> Node:
    """Makes a constant of the names `true` and `false`, in any case."""
    if form is _Form.NAME and isinstance(node, Attribute):
        text = node.name.lower()
        if text in {"true", "false"}:
            return Constant(
                value=text == "true", type=ValueType.BOOL, text=text, column=node.column
            )
    return node
