"""From text to tokens, by the rules of Go's scanner (Go `go/scanner`)."""

import re
from collections.abc import Iterator
from typing import Final

from mixer.errors import ExpressionError
from mixer.expr.grammar.number import scan_number
from mixer.expr.grammar.text import scan_quoted, scan_raw
from mixer.expr.grammar.token import (
    ENDS_EXPRESSION,
    KEYWORDS,
    LITERALS,
    OPERATORS,
    Kind,
    Token,
)

_BLANK: Final = re.compile(r"[ \t\r]+")
_OPERATOR: Final = re.compile("|".join(re.escape(operator) for operator in OPERATORS))
_DIGITS: Final = frozenset("0123456789")
_KEYWORDS_AT_END: Final = frozenset({"break", "continue", "fallthrough", "return"})


def tokenize(text: str) -> Iterator[Token]:
    """The tokens of a text, made when asked for, with a last one of kind END.

    A faulty token raises ExpressionError when it is reached, so that an error in the grammar
    before it is told first. A NEWLINE comes only where an expression may end.
    """
    may_end = False
    offset = 0
    while offset < len(text):
        blank = _BLANK.match(text, offset)
        if blank:
            offset = blank.end()
            continue
        if text[offset] == "\n":
            if may_end:
                yield Token(Kind.NEWLINE, "\n", offset + 1)
            may_end = False
            offset += 1
            continue
        if text.startswith(("//", "/*"), offset):
            end = _comment_end(text, offset)
            if may_end and "\n" in text[offset:end]:
                yield Token(Kind.NEWLINE, "\n", offset + 1)
                may_end = False
            offset = end
            continue
        token = _token(text, offset)
        yield token
        may_end = _may_end(token)
        offset += len(token.text)
    yield Token(Kind.END, "", len(text) + 1)


def _may_end(token: Token) -> bool:
    if token.kind is Kind.KEYWORD:
        return token.text in _KEYWORDS_AT_END
    return token.kind is Kind.NAME or token.kind in LITERALS or token.text in ENDS_EXPRESSION


def _comment_end(text: str, start: int) -> int:
    if text[start + 1] == "/":
        end = text.find("\n", start)
        return len(text) if end < 0 else end
    end = text.find("*/", start + 2)
    if end < 0:
        raise ExpressionError("comment not terminated", start + 1)
    return end + 2


def _token(text: str, start: int) -> Token:
    first = text[start]
    if first == "_" or first.isalpha():
        return _name(text, start)
    if first in _DIGITS or (first == "." and text[start + 1 : start + 2] in _DIGITS):
        return scan_number(text, start)
    if first == "`":
        return scan_raw(text, start)
    if first in "\"'":
        return scan_quoted(text, start)
    operator = _OPERATOR.match(text, start)
    if operator is None:
        shown = f" '{first}'" if first.isprintable() else ""
        raise ExpressionError(f"illegal character U+{ord(first):04X}{shown}", start + 1)
    return Token(Kind.OPERATOR, operator[0], start + 1)


def _name(text: str, start: int) -> Token:
    end = start + 1
    while end < len(text) and (text[end] == "_" or text[end].isalpha() or text[end].isdecimal()):
        end += 1
    name = text[start:end]
    return Token(Kind.KEYWORD if name in KEYWORDS else Kind.NAME, name, start + 1)
