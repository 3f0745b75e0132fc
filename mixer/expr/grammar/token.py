"""The tokens of Go's expression grammar."""

from enum import Enum, auto
from typing import Final, NamedTuple


class Kind(Enum):
    """What sort of token."""

    NAME = auto()
    INT = auto()
    FLOAT = auto()
    IMAGINARY = auto()
    CHAR = auto()
    STRING = auto()
    OPERATOR = auto()
    KEYWORD = auto()
    NEWLINE = auto()
    """A line, or the text, ended where an expression may end (Go's semicolon rule)."""
    END = auto()


LITERALS: Final = frozenset({Kind.INT, Kind.FLOAT, Kind.IMAGINARY, Kind.CHAR, Kind.STRING})

KEYWORDS: Final = frozenset(
    {
        *("break", "case", "chan", "const", "continue", "default", "defer", "else"),
        *("fallthrough", "for", "func", "go", "goto", "if", "import", "interface", "map"),
        *("package", "range", "return", "select", "struct", "switch", "type", "var"),
    }
)

OPERATORS: Final = (
    *("<<=", ">>=", "&^=", "..."),
    *("<<", ">>", "&^", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "&&", "||", "<-", "++"),
    *("--", "==", "!=", "<=", ">=", ":="),
    *"+-*/%&|^<>=!()[]{},;.:",
)
"""Longest first."""

ENDS_EXPRESSION: Final = frozenset({")", "]", "}", "++", "--"})
"""Operators after which a newline counts."""


class Token(NamedTuple):
    """One token."""

    kind: Kind
    text: str
    """As written."""
    column: int
    """Counted from 1, in characters."""

    @property
    def description(self) -> str:
        """How parse errors name it: `'=='`, `"text"`, `newline`, `'EOF'`."""
        if self.kind is Kind.NEWLINE:
            return "newline"
        if self.kind is Kind.NAME or self.kind in LITERALS:
            return self.text
        return f"'{self.text or 'EOF'}'"
