"""A resource: one named piece of configuration, with the lines that it was read from."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from mixer.errors import ConfigError, Location

Path = tuple[str | int, ...]
"""Where a value stands in plain data: keys of objects, indices of lists from 0."""

_PLAIN_NAME: Final = re.compile(r'[^\s.\[\]"]+')
_STEP: Final = re.compile(r'([^.\[\]]+)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]')


def render_path(path: Path) -> str:
    """`actions[0].handler`; a key that would be misread is quoted: `dimensions["a.b"]`."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif _PLAIN_NAME.fullmatch(step):
            text += f".{step}" if text else step
        else:
            text += f"[{json.dumps(step, ensure_ascii=False)}]"
    return text


def parse_path(text: str) -> Path:
    """The path that `render_path` shows as `text`; what can't be read as a step is left out."""
    path: list[str | int] = []
    for name, index, quoted in _STEP.findall(text):
        if index:
            path.append(int(index))
        else:
            path.append(_unquoted(quoted) if quoted else name)
    return tuple(path)


def _unquoted(quoted: str) -> str:
    try:
        return str(json.loads(quoted))
    except ValueError:  # no escape of JSON: a path that somebody wrote by hand
        return quoted[1:-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What tells one resource from all others."""

    kind: str
    namespace: str
    name: str

    def __str__(self) -> str:
        """The full name, `name.kind.namespace` (istio 1.4 `store.Key.String`)."""
        return f"{self.name}.{self.kind}.{self.namespace}"

    @property
    def place(self) -> str:
        """`kind/namespace/name`, the head of error texts."""
        return f"{self.kind}/{self.namespace}/{self.name}"


@dataclass(frozen=True, slots=True)
class Lines:
    """The line on which a value stands, and those of what it holds."""

    line: int
    """Counted from 1."""
    below: Mapping[str | int, "Lines"] = field(default_factory=dict)
    """By key of an object or index of a list."""

    def find(self, path: Path) -> int:
        """The line of the value at `path`, or of its nearest parent that has one."""
        here = self
        for step in path:
            below = here.below.get(step) or here.below.get(self._spelt_otherwise(here, step))
            if below is None:
                break
            here = below
        return here.line

    @staticmethod
    def _spelt_otherwise(here: "Lines", step: str | int) -> str | int:
        """The key that is `step` but for case and underscores: `maxAmount` for `max_amount`."""
        wanted = _squeezed(step)
        return next((key for key in here.below if _squeezed(key) == wanted), step)


def _squeezed(step: str | int) -> str:
    return str(step).replace("_", "").lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One document of the configuration; two are equal when they say the same, wherever."""

    key: Key
    spec: Mapping[str, Any]
    """Plain data, as YAML gave it; not to be changed."""
    annotations: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    file: str = field(default="", compare=False)
    """Path, relative to the configuration directory; empty when it comes from no file."""
    lines: Lines = field(default=Lines(1), compare=False)
    """The document's first line, and below it the lines of `spec`."""

    def location(self, path: Path = ()) -> Location | None:
        """Where `path` of the spec stands, or its nearest parent; None without a file."""
        return Location(file=self.file, line=self.lines.find(path)) if self.file else None

    def error(self, path: Path, message: str) -> ConfigError:
        """Makes (does not raise) an error about `path` of the spec."""
        place = f"{self.key.place}: {render_path(path)}" if path else self.key.place
        return ConfigError(place, message, self.location(path))
