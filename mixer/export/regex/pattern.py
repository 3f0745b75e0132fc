"""From the text of an RE2 pattern to its syntax tree.

Only patterns that RE2 takes come here, so the parser looks for meaning, not for faults. It knows
what has the same meaning for an automaton of bytes; the rest raises UnsupportedPatternError.
Groups only group, and lazy repetition matches what greedy does, because nobody asks what matched.
Syntax: RE2 `doc/syntax.txt`.
"""

from dataclasses import dataclass
from typing import Final

from mixer.errors import MixerError
from mixer.export.regex.char_class import (
    ANY,
    LINE,
    PERL,
    POSIX,
    Ranges,
    complement,
    folded,
    normal,
    single,
)

_MAX_REPEAT: Final = 1000
"""RE2's own limit."""
_ESCAPES: Final = {"a": 7, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11}
_OCTAL: Final = "01234567"
_HEX: Final = "0123456789abcdefABCDEF"


class UnsupportedPatternError(MixerError):
    """A pattern for which no automaton is made; `str()` says why."""


@dataclass(frozen=True, slots=True)
class Chars:
    """One character out of some."""

    ranges: Ranges


@dataclass(frozen=True, slots=True)
class Begin:
    """The beginning of the text."""


@dataclass(frozen=True, slots=True)
class End:
    """The end of the text."""


@dataclass(frozen=True, slots=True)
class Sequence:
    """All parts, one behind the other."""

    parts: tuple["Pattern", ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the parts."""

    parts: tuple["Pattern", ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A part again and again."""

    part: "Pattern"
    least: int
    most: int | None
    """None for without end."""


Pattern = Chars | Begin | End | Sequence | Choice | Repeat


def parse_pattern(text: str) -> Pattern:
    """The syntax tree of a pattern that RE2 takes; raises UnsupportedPatternError."""
    return _Parser(text).whole()


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._flags = frozenset[str]()

    def whole(self) -> Pattern:
        found = self._choice()
        if self._at < len(self._text):
            raise UnsupportedPatternError(f"unread at {self._at}")
        return found

    def _choice(self) -> Pattern:
        parts = [self._sequence()]
        while self._takes("|"):
            parts.append(self._sequence())
        return parts[0] if len(parts) == 1 else Choice(tuple(parts))

    def _sequence(self) -> Pattern:
        parts: list[Pattern] = []
        while self._at < len(self._text) and self._text[self._at] not in "|)":
            parts += self._literals() if self._takes("\\Q") else self._atom()
            if parts:  # flags have no part of their own: what follows them repeats an earlier one
                parts.append(self._repeated(parts.pop()))
        return Sequence(tuple(parts))

    def _takes(self, token: str) -> bool:
        if not self._text.startswith(token, self._at):
            return False
        self._at += len(token)
        return True

    def _next(self) -> str:
        char = self._text[self._at]
        self._at += 1
        return char

    def _until(self, token: str) -> str:
        end = self._text.find(token, self._at)
        found = self._text[self._at : end if end >= 0 else None]
        self._at += len(found) + len(token)
        return found

    def _literals(self) -> list[Pattern]:
        found = self._until("\\E")
        self._at = min(self._at, len(self._text))
        return [self._literal(char) for char in found]

    def _repeated(self, part: Pattern) -> Pattern:
        while (bounds := self._bounds()) is not None:
            self._takes("?")
            part = Repeat(part, *bounds)
        return part

    def _bounds(self) -> tuple[int, int | None] | None:
        for token, bounds in (("*", (0, None)), ("+", (1, None)), ("?", (0, 1))):
            if self._takes(token):
                return bounds
        start = self._at
        if self._takes("{"):
            least, comma, most = self._until("}").partition(",")
            is_closed = self._at <= len(self._text)
            if is_closed and _is_number(least) and (not most or _is_number(most)):
                return int(least), int(most) if most else None if comma else int(least)
            self._at = start
        return None

    def _atom(self) -> list[Pattern]:
        """What comes next; nothing for flags that hold from here on."""
        match char := self._next():
            case "(":
                return self._group()
            case "[":
                return [Chars(self._class())]
            case ".":
                return [Chars(ANY if "s" in self._flags else LINE)]
            case "^":
                return [Begin()]
            case "$":
                return [End()]
            case "\\":
                return [self._escape()]
        return [self._literal(char)]

    def _literal(self, char: str) -> Pattern:
        return Chars(self._folded(single(ord(char))))

    def _folded(self, ranges: Ranges) -> Ranges:
        if "i" not in self._flags:
            return ranges
        # Of characters beyond ASCII, it must be all of them: then none is left to be added.
        if any(last > 0x7F and (first > 0x80 or last < 0x10FFFF) for first, last in ranges):
            raise UnsupportedPatternError("characters beyond ASCII whose case is not to count")
        return folded(ranges)

    def _group(self) -> list[Pattern]:
        before = self._flags
        if self._takes("?"):
            if self._takes("P<") or self._takes("<"):
                self._until(">")
            elif self._sets_flags():
                return []
        found = self._choice()
        self._takes(")")
        self._flags = before
        return [found]

    def _sets_flags(self) -> bool:
        """Reads flags; whether they hold for the rest of the group around, not for a new one."""
        flags, adds = set(self._flags), True
        while (char := self._next()) not in ":)":
            if char == "-":
                adds = False
            elif char == "m":
                raise UnsupportedPatternError("multi-line mode")
            elif adds:
                flags.add(char)
            else:
                flags.discard(char)
        self._flags = frozenset(flags)
        return char == ")"

    def _escape(self) -> Pattern:
        if self._takes("A"):
            return Begin()
        if self._takes("z"):
            return End()
        perl = PERL.get(self._text[self._at].lower())
        if perl is not None:
            return Chars(self._perl(perl))
        return Chars(self._folded(single(self._escaped())))

    def _perl(self, ranges: Ranges) -> Ranges:
        is_negative = self._next().isupper()
        ranges = self._folded(ranges)
        return complement(ranges) if is_negative else ranges

    def _escaped(self) -> int:
        """The character behind a backslash."""
        char = self._next()
        if char in _ESCAPES:
            return _ESCAPES[char]
        if char == "x":
            digits = self._until("}") if self._takes("{") else self._next() + self._next()
            return int(digits, 16)
        if char in _OCTAL:
            while self._at < len(self._text) and len(char) < 3 and self._peek() in _OCTAL:
                char += self._next()
            return int(char, 8)
        if char.isalnum():
            raise UnsupportedPatternError(f"\\{char}")
        return ord(char)

    def _peek(self) -> str:
        return self._text[self._at]

    def _class(self) -> Ranges:
        is_negative = self._takes("^")
        found: list[tuple[int, int]] = []
        is_first = True
        while is_first or not self._takes("]"):
            found += self._member()
            is_first = False
        ranges = normal(found)
        return complement(ranges) if is_negative else ranges

    def _member(self) -> Ranges:
        if self._takes("[:"):
            is_negative = self._takes("^")
            ranges = self._folded(POSIX[self._until(":]")])
            return complement(ranges) if is_negative else ranges
        if self._peek() == "\\" and self._text[self._at + 1].lower() in PERL:
            self._at += 1
            return self._perl(PERL[self._peek().lower()])
        first = last = self._class_char()
        if self._text[self._at] == "-" and self._text[self._at + 1] != "]":
            self._at += 1
            last = self._class_char()
        return self._folded(normal([(first, last)]))

    def _class_char(self) -> int:
        char = self._next()
        return self._escaped() if char == "\\" else ord(char)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and int(text) <= _MAX_REPEAT
