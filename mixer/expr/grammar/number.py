"""Number literals: Go's forms, of which Mixer accepts decimal integers and all floats."""

import re
from typing import Final

from mixer.errors import ExpressionError
from mixer.expr.grammar.token import Kind, Token

# Whatever looks like a number, right or wrong: mantissa, exponent, imaginary mark.
_HEX: Final = re.compile(r"(0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?)([pP][+-]?[0-9_]*)?(i?)")
_DECIMAL: Final = re.compile(r"((?:0[oObB])?[0-9_]*(?:\.[0-9_]*)?)([eEpP][+-]?[0-9_]*)?(i?)")
_BAD_UNDERSCORE: Final = re.compile(r"(?<![0-9xXoObB])_|_(?![0-9_])")
_BAD_HEX_UNDERSCORE: Final = re.compile(r"(?<![0-9a-fA-FxX])_|_(?![0-9a-fA-F_])")
_RADIX_NAMES: Final = {"x": "hexadecimal", "o": "octal", "b": "binary"}
_MAX_INT64: Final = (1 << 63) - 1


def scan_number(text: str, start: int) -> Token:
    """The number at `start`, where a digit or a dot and a digit stand.

    Raises ExpressionError for what Go's scanner refuses (Go `go/scanner`).
    """
    is_hex = text[start : start + 2].lower() == "0x"
    found = (_HEX if is_hex else _DECIMAL).match(text, start)
    assert found is not None
    mantissa, exponent, imaginary = found[1], found[2] or "", found[3]
    _check_mantissa(mantissa, start, found.end(1))
    if exponent:
        _check_exponent(mantissa, exponent, found.start(2), found.end(2))
    elif is_hex and "." in mantissa:
        _fail("hexadecimal mantissa requires a 'p' exponent", found.end(1))
    is_float = "." in mantissa or bool(exponent)
    if not (is_float or imaginary):
        _check_octal(mantissa, start)
    underscore = (_BAD_HEX_UNDERSCORE if is_hex else _BAD_UNDERSCORE).search(mantissa + exponent)
    if underscore:
        _fail("'_' must separate successive digits", start + underscore.start())
    kind = Kind.IMAGINARY if imaginary else Kind.FLOAT if is_float else Kind.INT
    return Token(kind, found[0], start + 1)


def _check_mantissa(mantissa: str, start: int, end: int) -> None:
    radix = mantissa[1:2].lower()
    if radix not in _RADIX_NAMES:
        return
    name = _RADIX_NAMES[radix]
    if radix != "x" and "." in mantissa:
        _fail(f"invalid radix point in {name} literal", start + mantissa.index("."))
    if not mantissa[2:].replace("_", "").replace(".", ""):
        _fail(f"{name} literal has no digits", end)
    if radix != "x":
        _check_digits(mantissa, 2, {"o": "01234567_", "b": "01_"}[radix], name, start)


def _check_octal(mantissa: str, start: int) -> None:
    if mantissa[0] == "0" and mantissa[1:2].lower() not in _RADIX_NAMES:
        _check_digits(mantissa, 1, "01234567_", "octal", start)


def _check_digits(mantissa: str, first: int, allowed: str, name: str, start: int) -> None:
    for index, digit in enumerate(mantissa[first:], first):
        if digit not in allowed:
            _fail(f"invalid digit '{digit}' in {name} literal", start + index)


def _check_exponent(mantissa: str, exponent: str, start: int, end: int) -> None:
    letter, radix = exponent[0], mantissa[1:2].lower()
    if letter in "pP" and radix != "x":
        _fail(f"'{letter}' exponent requires hexadecimal mantissa", start)
    if letter in "eE" and radix in _RADIX_NAMES:
        _fail(f"'{letter}' exponent requires decimal mantissa", start)
    if not exponent[1:].strip("+-_"):
        _fail("exponent has no digits", end)


def _fail(message: str, offset: int) -> None:
    raise ExpressionError(message, offset + 1)


def int64(token: Token) -> int:
    """The value of an integer literal; raises ExpressionError unless decimal and in range."""
    if not token.text.isdecimal():
        raise ExpressionError(
            f'strconv.ParseInt: parsing "{token.text}": invalid syntax', token.column
        )
    # The length comes first: int() refuses thousands of digits.
    if len(token.text.lstrip("0")) > 19 or int(token.text) > _MAX_INT64:
        raise ExpressionError(
            f'strconv.ParseInt: parsing "{token.text}": value out of range', token.column
        )
    return int(token.text)


def double(token: Token) -> float:
    """The value of a float literal; raises ExpressionError when out of range."""
    digits = token.text.replace("_", "")
    try:
        value = float.fromhex(digits) if digits[:2].lower() == "0x" else float(digits)
    except OverflowError:
        value = float("inf")
    if value == float("inf"):
        raise ExpressionError(
            f'strconv.ParseFloat: parsing "{token.text}": value out of range', token.column
        )
    return value
