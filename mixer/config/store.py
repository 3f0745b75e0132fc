"""The store: all resources of a configuration directory, read now and again when they change."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from mixer.config.envelope import open_envelope
from mixer.config.files import SourceFile, digest, read_files
from mixer.config.resource import Key, Resource
from mixer.config.watch import changes
from mixer.config.yaml_source import Document, read_documents
from mixer.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a configuration says at one moment."""

    resources: tuple[Resource, ...]
    """Of any kind, one for each key, in the order of namespace, name and kind."""
    errors: tuple[ConfigError, ...]
    """What could not be read, in the order of files and lines."""
    digest: str
    """Equal for equal files."""


def read_text(text: str, file: str = "<text>") -> Contents:
    """The contents of one text, which errors call `file`."""
    return _contents((SourceFile(name=file, text=text),))


class DirectoryStore:
    """The YAML files below one directory."""

    def __init__(self, path: Path) -> None:
        """`path` need not exist yet."""
        self._path = path

    def read(self) -> Contents:
        """The contents as they are now; a missing directory is an error among `errors`."""
        return _contents(read_files(self._path))

    def watch(
        self, on_change: Callable[[Contents], None], stop: threading.Event, since: str = ""
    ) -> None:
        """Calls `on_change` each time that the contents have changed; returns when `stop` is set.

        The first call comes at once, unless `since` is the digest of what is there. Bursts of
        changes are one change, and the last state is never missed. What `on_change` raises ends
        the watch.
        """
        for _ in changes(self._path, stop):
            files = read_files(self._path)
            now = digest(files)
            if now != since:
                since = now
                on_change(_contents(files))


def _contents(files: Iterable[SourceFile | ConfigError]) -> Contents:
    files = tuple(files)
    errors: list[ConfigError] = []
    by_key: dict[Key, Resource] = {}
    for file in files:
        if isinstance(file, ConfigError):
            errors.append(file)
        else:
            _add_resources(file, by_key, errors)
    resources = sorted(by_key.values(), key=_order)
    return Contents(resources=tuple(resources), errors=tuple(errors), digest=digest(files))


def _add_resources(
    file: SourceFile, by_key: dict[Key, Resource], errors: list[ConfigError]
) -> None:
    for document in read_documents(file.text, file.name):
        if not isinstance(document, Document):
            errors += document.errors
            continue
        resource, wrong = open_envelope(document)
        errors += wrong
        if resource is None:
            continue
        earlier = by_key.get(resource.key)
        if earlier is not None:
            errors.append(_defined_twice(earlier, resource))
        by_key[resource.key] = resource


def _defined_twice(earlier: Resource, later: Resource) -> ConfigError:
    return later.error((), f"defined twice, first at {earlier.location()}; this one counts")


def _order(resource: Resource) -> tuple[str, str, str]:
    return resource.key.namespace, resource.key.name, resource.key.kind
