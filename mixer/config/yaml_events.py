"""The YAML of one document → plain data with lines, within bounds.

Scalars are those of YAML 1.1 as PyYAML resolves them (`no` is false, as it was for the original),
but times and base-60 numbers stay strings, as in Go. Keys are always strings, as written.

This reads the parser's events, not PyYAML's trees: its C code builds trees by recursion without a
bound, and a text of many brackets ends the process. Here depth is bounded, and so is the number
of values, counted as if aliases were written out; an alias shares the data of its anchor.
"""

import contextlib
from collections.abc import Callable, Mapping
from typing import Any, Final

import yaml

from mixer.config.resource import Lines

MAX_VALUES: Final = 250_000
MAX_DEPTH: Final = 100
MAX_INT_BITS: Final = 64

_LOADER: Final[type[yaml.SafeLoader]] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CONSTRUCTOR: Final = yaml.constructor.SafeConstructor()
_TAG: Final = "tag:yaml.org,2002:"
_TEXT_TAGS: Final = frozenset({"str", "timestamp", "value", "merge"})
_SCALARS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "null": lambda _node: None,
    "bool": _CONSTRUCTOR.construct_yaml_bool,
    "int": _CONSTRUCTOR.construct_yaml_int,
    "float": _CONSTRUCTOR.construct_yaml_float,
}

_UNREADABLE: Final = object()

_Read = tuple[Any, Lines]


class _Spoilt(Exception):  # noqa: N818
    """The rest of the document can't be read; the problem has been noted."""


class EventReader:
    """Reads one document. What spoils all of it ends the reading; the rest is collected."""

    def __init__(self, text: str, first_line: int) -> None:
        """`first_line` is the number that the first line of `text` has in its file."""
        self.problems: list[tuple[int, str]] = []
        """Line in the file, and what is wrong there."""
        self._text = text
        self._first_line = first_line
        self._events: Any = None
        self._depth = 0
        self._value_count = 0
        self._anchors: dict[str, tuple[_Read, int] | None] = {}
        """What each names, and how many values that is; None while it is being read."""

    def read(self) -> _Read | None:
        """The data and lines of the document; None if it is empty, or spoilt by `problems`."""
        try:
            self._events = _LOADER(self._text)
            return self._document()
        except yaml.MarkedYAMLError as error:
            reasons = ", ".join(filter(None, (error.context, error.problem)))
            line = error.problem_mark.line if error.problem_mark else 0
            last_line = self._text.rstrip().count("\n")  # where the text ends, and not behind it
            line = self._first_line + min(line, last_line)
            self.problems.append((line, f"not YAML: {reasons}"))
        except (yaml.YAMLError, ValueError) as error:  # characters that YAML does not allow
            reason = str(error).partition("\n")[0]
            self.problems.append((self._first_line, f"not YAML: {reason}"))
        except _Spoilt:
            pass
        finally:
            if self._events is not None:
                self._events.dispose()
        return None

    def _document(self) -> _Read | None:
        self._next()  # begin of the stream
        if isinstance(self._next(), yaml.StreamEndEvent):
            return None
        value = self._value(self._next())
        self._next()  # end of the document
        following = self._next()
        if not isinstance(following, yaml.StreamEndEvent):
            raise self._spoilt("a second document begins; it needs a line of only ---", following)
        return value

    def _next(self) -> Any:
        return self._events.get_event()

    def _line(self, event: Any) -> int:
        return self._first_line + int(event.start_mark.line)

    def _note(self, message: str, event: Any) -> None:
        self.problems.append((self._line(event), message))

    def _spoilt(self, message: str, event: Any) -> _Spoilt:
        self._note(message, event)
        return _Spoilt()

    def _value(self, event: Any) -> _Read:
        """The value that begins with `event`; reads on to its end."""
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        before = self._value_count
        self._count(1, event)
        if event.anchor is None:
            return self._unnamed(event)
        self._anchors[event.anchor] = None
        value = self._unnamed(event)
        self._anchors[event.anchor] = (value, self._value_count - before)
        return value

    def _count(self, values: int, event: Any) -> None:
        self._value_count += values
        if self._value_count > MAX_VALUES:
            raise self._spoilt(f"more than {MAX_VALUES} values, aliases written out", event)

    def _alias(self, event: Any) -> _Read:
        if event.anchor not in self._anchors:
            raise self._spoilt(f"nothing is named &{event.anchor}", event)
        named = self._anchors[event.anchor]
        if named is None:
            raise self._spoilt(f"*{event.anchor} stands inside of what it names", event)
        value, count = named
        self._count(count, event)
        return value

    def _unnamed(self, event: Any) -> _Read:
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event), Lines(self._line(event))
        if self._depth >= MAX_DEPTH:
            raise self._spoilt(f"nested more than {MAX_DEPTH} deep", event)
        self._depth += 1
        is_list = isinstance(event, yaml.SequenceStartEvent)
        self._check_tag(event, "seq" if is_list else "map")
        value = self._list(event) if is_list else self._object(event)
        self._depth -= 1
        return value

    def _check_tag(self, event: Any, kind: str) -> None:
        if event.tag not in (None, "!", _TAG + kind):
            self._note(f"unknown tag {event.tag!r}", event)

    def _scalar(self, event: Any) -> Any:
        kind = self._kind(event)
        if kind in _TEXT_TAGS or (kind in ("int", "float") and ":" in event.value):
            return event.value
        if kind not in _SCALARS:
            self._note(f"unknown tag {event.tag!r}", event)
            return None
        value: Any = _UNREADABLE
        with contextlib.suppress(ValueError, LookupError):
            value = _SCALARS[kind](yaml.ScalarNode(_TAG + kind, event.value))
        if value is _UNREADABLE or (isinstance(value, int) and value.bit_length() > MAX_INT_BITS):
            self._note(f"{event.value[:80]!r} can't be read as {kind}", event)
        return value

    def _kind(self, event: Any) -> str:
        """`str`, `int` and so on; a foreign tag as it is."""
        if event.tag == "!":
            return "str"
        tag = event.tag or self._events.resolve(yaml.ScalarNode, event.value, event.implicit)
        return str(tag).removeprefix(_TAG)

    def _list(self, start: Any) -> _Read:
        data: list[Any] = []
        below: dict[str | int, Lines] = {}
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            value, below[len(data)] = self._value(event)
            data.append(value)
        return data, Lines(self._line(start), below)

    def _object(self, start: Any) -> _Read:
        data: dict[str, Any] = {}
        below: dict[str | int, Lines] = {}
        merged: list[_Read] = []
        while not isinstance(key := self._next(), yaml.MappingEndEvent):
            if not isinstance(key, yaml.ScalarEvent):
                raise self._spoilt("a key must be a plain word", key)
            value, lines = self._value(self._next())
            if self._kind(key) == "merge":
                merged += self._merged(key, value, lines)
            elif key.value in data:
                first = below[key.value].line
                self._note(f"key {key.value!r} is given twice, first on line {first}", key)
            else:
                data[key.value] = value
                below[key.value] = Lines(self._line(key), lines.below)
        for other, lines in merged:
            data = {**other, **data}
            below = {**lines.below, **below}
        return data, Lines(self._line(start), below)

    def _merged(self, key: Any, value: Any, lines: Lines) -> list[_Read]:
        """The objects that a `<<` key brings in, the most important first."""
        if isinstance(value, dict):
            return [(value, lines)]
        if isinstance(value, list) and all(isinstance(item, Mapping) for item in value):
            return [(item, lines.below[index]) for index, item in enumerate(value)]
        self._note("<< wants an object or a list of objects", key)
        return []
