"""Lists of texts and of patterns: immutable, made for quick look-ups."""

from collections.abc import Iterable
from typing import Any, Final, Protocol

import re2

from mixer.attribute.value import ip_text

_PATTERN_MEMORY_BYTES: Final = 16 << 20
"""Enough for some ten thousand patterns."""


class Entries(Protocol):
    """The entries of one list."""

    def contains(self, value: str | bytes) -> bool:
        """Whether a text, or an address by its bytes, is in the list.

        Raises ValueError for what is no address, where the list is one of addresses.
        """


class Strings:
    """Texts that a value has to equal."""

    def __init__(self, entries: Iterable[str]) -> None:
        self._entries = frozenset(entries)

    def contains(self, value: str | bytes) -> bool:
        """See `Entries.contains`."""
        return _text(value) in self._entries


class CaseInsensitiveStrings:
    """Texts that a value has to equal but for upper and lower case."""

    def __init__(self, entries: Iterable[str]) -> None:
        self._entries = frozenset(entry.casefold() for entry in entries)

    def contains(self, value: str | bytes) -> bool:
        """See `Entries.contains`."""
        return _text(value).casefold() in self._entries


class Patterns:
    """RE2 patterns of which one has to match somewhere in a value; all are tried at once."""

    def __init__(self, entries: Iterable[str]) -> None:
        """Raises ValueError for a pattern that is wrong, and for too many of them."""
        options = re2.Options()
        options.log_errors = False
        options.max_mem = _PATTERN_MEMORY_BYTES
        self._set = re2.Set.SearchSet(options)
        for entry in entries:
            try:
                self._set.Add(entry)
            except re2.error as error:
                raise ValueError(f"bad pattern {entry!r}: {_fault(entry, options)}") from error
        try:
            self._set.Compile()
        except re2.error as error:
            raise ValueError("the patterns are too many or too large") from error

    def contains(self, value: str | bytes) -> bool:
        """See `Entries.contains`."""
        return self._set.Match(_text(value)) is not None


def _fault(pattern: str, options: Any) -> str:
    """What is wrong with a pattern, which a set does not say."""
    try:
        re2.compile(pattern, options)
    except re2.error as error:
        return bytes(error.args[0]).decode(errors="replace")
    return "RE2 does not take it"


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else ip_text(value)
