"""Sets of characters, as ranges of code points."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

Ranges = tuple[tuple[int, int], ...]
"""In order and apart; both ends belong to a range."""

_LAST: Final = 0x10FFFF
_SURROGATES: Final = (0xD800, 0xDFFF)
_TOPS: Final = (0x7F, 0x7FF, 0xFFFF)
"""The last characters that take one, two and three bytes."""


def single(char: int) -> Ranges:
    """The set of one character."""
    return ((char, char),)


def normal(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """The same set, in order and without overlap."""
    found: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if found and first <= found[-1][1] + 1:
            found[-1] = found[-1][0], max(last, found[-1][1])
        else:
            found.append((first, last))
    return tuple(found)


def complement(ranges: Ranges) -> Ranges:
    """All other characters."""
    found = []
    start = 0
    for first, last in ranges:
        if start < first:
            found.append((start, first - 1))
        start = last + 1
    if start <= _LAST:
        found.append((start, _LAST))
    return tuple(found)


def folded(ranges: Ranges) -> Ranges:
    """With the upper and lower case forms of the ASCII letters that are in it.

    Two characters beyond ASCII are such forms: U+017F of `s`, and the sign U+212A of `k`.
    """
    extra: list[tuple[int, int]] = []
    for letters in ("kK\u212a", "sS\u017f", *(c + c.upper() for c in "abcdefghijlmnopqrtuvwxyz")):
        codes = [ord(letter) for letter in letters]
        if any(first <= code <= last for code in codes for first, last in ranges):
            extra += [(code, code) for code in codes]
    return normal([*ranges, *extra])


def _text(pairs: str, *others: int) -> Ranges:
    ends = zip(pairs[::2], pairs[1::2], strict=True)
    return normal([*((ord(a), ord(b)) for a, b in ends), *((code, code) for code in others)])


ANY: Final[Ranges] = ((0, _LAST),)
LINE: Final[Ranges] = complement(single(10))
"""What `.` stands for."""
_SPACES: Final = (9, 10, 12, 13, 32)
PERL: Final[Mapping[str, Ranges]] = MappingProxyType(
    {"d": _text("09"), "s": _text("", *_SPACES), "w": _text("09AZaz__")}
)
"""By the small letter; the capital means all others."""
POSIX: Final[Mapping[str, Ranges]] = MappingProxyType(
    {
        "alnum": _text("09AZaz"),
        "alpha": _text("AZaz"),
        "ascii": ((0, 0x7F),),
        "blank": _text("", 9, 32),
        "cntrl": ((0, 31), (127, 127)),
        "digit": _text("09"),
        "graph": _text("!~"),
        "lower": _text("az"),
        "print": _text(" ~"),
        "punct": _text("!/:@[`{~"),
        "space": _text("", *_SPACES, 11),
        "upper": _text("AZ"),
        "word": _text("09AZaz__"),
        "xdigit": _text("09AFaf"),
    }
)


def utf8(ranges: Ranges) -> Iterator[tuple[tuple[int, int], ...]]:
    """The set as sequences of ranges of bytes: a character is one byte of each range in turn."""
    for first, last in ranges:
        yield from _split(first, min(last, _SURROGATES[0] - 1))
        yield from _split(max(first, _SURROGATES[1] + 1), last)


def _split(first: int, last: int) -> Iterator[tuple[tuple[int, int], ...]]:
    """Splits a range until all characters of a part differ freely in their last bytes."""
    if first > last:
        return
    for top in _TOPS:
        if first <= top < last:
            yield from _split(first, top)
            yield from _split(top + 1, last)
            return
    for position in range(1, len(chr(first).encode())):
        low = (1 << (6 * position)) - 1
        if first & ~low != last & ~low:
            if first & low:
                yield from _split(first, first | low)
                yield from _split((first | low) + 1, last)
                return
            if last & low != low:
                yield from _split(first, (last & ~low) - 1)
                yield from _split(last & ~low, last)
                return
    yield tuple(zip(chr(first).encode(), chr(last).encode(), strict=True))
