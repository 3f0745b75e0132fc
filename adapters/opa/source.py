"""What is wrong with the text of a policy, and in which line."""

import re
from collections.abc import Iterator
from typing import Final

_ERROR: Final = re.compile(
    r"\(error(?: \d+:[^|()]*\|(?P<offset>\d+)\|\d+)?\s+\(errormsg (?P<length>\d+):"
)
"""How rego-cpp writes an error: perhaps with a place, `9:policy[0]|19|1`, and a text."""
_CALL: Final = re.compile(
    r"(?<![\w.])((?:crypto|graphql|http|io|json|net|providers|rego)\.[\w.]+)\("
)
_COMMENT: Final = re.compile(r"#[^\n]*")


def first_error(report: str, text: str) -> str | None:
    """The first error of a report of rego-cpp, with its line in `text` if it has one."""
    found = _ERROR.search(report)
    if found is None:
        return None
    message = report[found.end() : found.end() + int(found["length"])]
    return (
        message
        if found["offset"] is None
        else f"line {_line(text, int(found['offset']))}: {message}"
    )


def called(text: str) -> Iterator[tuple[str, int]]:
    """Functions of Rego's own name spaces that a policy calls, each with its line."""
    for found in _CALL.finditer(_COMMENT.sub(_blank, text)):
        yield found[1], text.count("\n", 0, found.start()) + 1


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _line(text: str, offset: int) -> int:
    """The line in which a byte stands; counted from 1."""
    return text.encode()[:offset].count(b"\n") + 1
