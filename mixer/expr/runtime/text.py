"""Functions of plain text."""

from collections.abc import Callable
from functools import lru_cache
from typing import Final

import re2

from mixer.errors import EvaluationError

_OPTIONS: Final = re2.Options()
_OPTIONS.log_errors = False
_OPTIONS.never_capture = True  # groups only group; searching is faster without recording them


def match(text: str, pattern: str) -> bool:
    """Whether `text` is `pattern`; one star, at its end or else at its start, is a wildcard.

    Behaviour: istio 1.4 `mixer/pkg/lang/externs.go`.
    """
    if pattern.endswith("*"):
        return text.startswith(pattern[:-1])
    if pattern.startswith("*"):
        return text.endswith(pattern[1:])
    return text == pattern


@lru_cache(maxsize=256)
def searcher(pattern: str) -> Callable[[bytes], object]:
    """A function that gives None unless a part of some UTF-8 text matches an RE2 pattern.

    Raises EvaluationError when the pattern has a fault.
    """
    try:
        search: Callable[[bytes], object] = re2.compile(pattern.encode(), options=_OPTIONS).search
    except re2.error as error:
        reason = error.args[0]
        text = reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
        raise EvaluationError(f"error parsing regexp: {text}") from error
    return search


def matches(pattern: str, text: str) -> bool:
    """Whether a part of `text` matches; the pattern comes first, as the method's target."""
    return searcher(pattern)(text.encode()) is not None


def starts_with(text: str, prefix: str) -> bool:
    """Whether `text` begins with `prefix`."""
    return text.startswith(prefix)


def ends_with(text: str, suffix: str) -> bool:
    """Whether `text` ends with `suffix`."""
    return text.endswith(suffix)


def to_lower(text: str) -> str:
    """Lower case character by character, as Go does it: the length stays, no final sigma."""
    return text.lower() if text.isascii() else "".join(char.lower()[0] for char in text)


def byte_count(text: str) -> int:
    """The length in UTF-8."""
    return len(text.encode())


def conditional_string(condition: bool, chosen: str, other: str) -> str:  # noqa: FBT001
    """One of two texts."""
    return chosen if condition else other
