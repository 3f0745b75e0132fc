"""From literals to typed constants.

Text that reads as a duration is one: `"5s"`, and also `"0"` (istio 1.4
`mixer/pkg/lang/ast/expr.go`).
"""

from mixer.attribute.value import Duration, ValueType
from mixer.errors import ExpressionError
from mixer.expr.ast import Constant
from mixer.expr.grammar.number import double, int64
from mixer.expr.grammar.text import unquote
from mixer.expr.grammar.token import Kind, Token


def constant(token: Token) -> Constant:
    """The constant of a literal token; raises ExpressionError."""
    value: int | float | str
    if token.kind is Kind.INT:
        value, kind = int64(token), ValueType.INT64
    elif token.kind is Kind.FLOAT:
        value, kind = double(token), ValueType.DOUBLE
    elif token.kind is Kind.IMAGINARY:
        raise ExpressionError("invalid syntax", token.column)
    else:
        value, kind = _text_or_duration(unquote(token))
    return Constant(value=value, type=kind, text=token.text, column=token.column)


def _text_or_duration(text: str) -> tuple[str | Duration, ValueType]:
    try:
        return Duration.parse(text), ValueType.DURATION
    except ValueError:
        return text, ValueType.STRING
