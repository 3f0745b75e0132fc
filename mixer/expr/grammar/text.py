"""String and character literals, with Go's escapes (Go `go/scanner`, `strconv.Unquote`)."""

import re
from typing import Final

from mixer.errors import ExpressionError
from mixer.expr.grammar.token import Kind, Token

_SIMPLE_ESCAPES: Final = {
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
    "\\": "\\",
}
_NUMBER_ESCAPES: Final = {"x": (2, 16), "u": (4, 16), "U": (8, 16)}
"""How many digits of which base follow."""
_PLAIN: Final = re.compile(r"""[^\\\n"']+""")


def scan_raw(text: str, start: int) -> Token:
    """The back-quoted string at `start`."""
    end = text.find("`", start + 1)
    if end < 0:
        raise ExpressionError("raw string literal not terminated", start + 1)
    return Token(Kind.STRING, text[start : end + 1], start + 1)


def scan_quoted(text: str, start: int) -> Token:
    """The string or character literal at `start`; all its escapes are checked.

    Raises ExpressionError.
    """
    quote = text[start]
    kind, name = (Kind.STRING, "string") if quote == '"' else (Kind.CHAR, "rune")
    offset = start + 1
    count = 0
    while offset < len(text) and text[offset] not in (quote, "\n"):
        size = _escape(text, offset, quote)[1] if text[offset] == "\\" else 1
        offset += size
        count += 1
    if offset >= len(text) or text[offset] == "\n":
        raise ExpressionError(f"{name} literal not terminated", start + 1)
    if kind is Kind.CHAR and count != 1:
        raise ExpressionError("illegal rune literal", start + 1)
    return Token(kind, text[start : offset + 1], start + 1)


def unquote(token: Token) -> str:
    """What a literal of kind STRING or CHAR stands for.

    Raises ExpressionError when its bytes are not UTF-8: no attribute can ever hold such text.
    """
    quote, body = token.text[0], token.text[1:-1]
    if quote == "`":
        return body.replace("\r", "")
    try:
        return _decode(token.text, quote).decode()
    except UnicodeDecodeError as error:
        raise ExpressionError("string literal is not valid UTF-8", token.column) from error


def _decode(text: str, quote: str) -> bytes:
    decoded = bytearray()
    offset = 1
    while offset < len(text) - 1:
        if text[offset] == "\\":
            part, size = _escape(text, offset, quote)
        else:
            plain = _PLAIN.match(text, offset, len(text) - 1)
            run = plain[0] if plain else text[offset]
            part, size = run.encode(), len(run)
        decoded += part
        offset += size
    return bytes(decoded)


def _escape(text: str, offset: int, quote: str) -> tuple[bytes, int]:
    """The bytes of the escape whose backslash is at `offset`, and its length."""
    letter = text[offset + 1 : offset + 2]
    if letter == quote:
        return quote.encode(), 2
    if letter in _SIMPLE_ESCAPES:
        return _SIMPLE_ESCAPES[letter].encode(), 2
    if letter in _NUMBER_ESCAPES:
        return _number_escape(text, offset, 2, *_NUMBER_ESCAPES[letter])
    if letter and letter in "01234567":
        return _number_escape(text, offset, 1, 3, 8)
    reason = "unknown escape sequence" if letter else "escape sequence not terminated"
    raise ExpressionError(reason, offset + 2)


def _number_escape(
    text: str, offset: int, skip: int, digit_count: int, base: int
) -> tuple[bytes, int]:
    first = offset + skip
    digits = text[first : first + digit_count]
    allowed = "0123456789abcdefABCDEF" if base == 16 else "01234567"
    for index, digit in enumerate(digits):
        if digit not in allowed:
            message = f"illegal character U+{ord(digit):04X} {digit!r:.3} in escape sequence"
            raise ExpressionError(message, first + index + 1)
    if len(digits) < digit_count:
        raise ExpressionError("escape sequence not terminated", offset + 2)
    value = int(digits, base)
    is_byte = digit_count < 4
    if value > (0xFF if is_byte else 0x10FFFF) or (not is_byte and 0xD800 <= value < 0xE000):
        raise ExpressionError("escape sequence is invalid Unicode code point", offset + 2)
    return (bytes([value]) if is_byte else chr(value).encode()), skip + digit_count
