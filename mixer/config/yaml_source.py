"""One YAML text → documents of plain data, each value with its line.

Documents are told apart before they are parsed, so that a broken one does not spoil its
neighbours.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from mixer.config.resource import Lines, Path, render_path
from mixer.config.yaml_events import EventReader
from mixer.errors import ConfigError, Location

_SEPARATOR: Final = re.compile(r"---([ \t]+#.*|[ \t]*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document that could be read."""

    file: str
    place: str
    """How errors call it: `document 2`."""
    data: Any
    """None, bool, int, float, str, and lists and `str`-keyed dicts of these."""
    lines: Lines

    def error(self, path: Path, message: str) -> ConfigError:
        """Makes (does not raise) an error about the value at `path`."""
        place = f"{self.place}: {render_path(path)}" if path else self.place
        location = Location(file=self.file, line=self.lines.find(path))
        return ConfigError(place, message, location)


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenDocument:
    """A document that could not be read, and all that is wrong with it."""

    errors: tuple[ConfigError, ...]


def read_documents(text: str, file: str) -> Iterator[Document | BrokenDocument]:
    """The documents of a text, in order; those that hold nothing are left out."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    number = 1
    for first_line, part in _split(text.split("\n")):
        document = _read(part, _Origin(file, f"document {number}", first_line))
        if document is not None:
            number += 1
            yield document


def _split(lines: list[str]) -> Iterator[tuple[int, str]]:
    """The texts between the lines that are only `---`, each with the number of its first line."""
    begin = 0
    for index, line in enumerate(lines):
        if _SEPARATOR.fullmatch(line):
            yield begin + 1, "\n".join([*lines[begin:index], ""])
            begin = index + 1
    yield begin + 1, "\n".join(lines[begin:])


@dataclass(frozen=True, slots=True)
class _Origin:
    """Where a document comes from."""

    file: str
    place: str
    first_line: int


def _read(text: str, origin: _Origin) -> Document | BrokenDocument | None:
    reader = EventReader(text, origin.first_line)
    root = reader.read()
    if reader.problems:
        return BrokenDocument(
            errors=tuple(
                ConfigError(origin.place, message, Location(file=origin.file, line=line))
                for line, message in reader.problems
            )
        )
    if root is None:
        return None
    data, lines = root
    return Document(file=origin.file, place=origin.place, data=data, lines=lines)
