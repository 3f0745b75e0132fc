"""Reads the YAML files below a directory.

Files count when their names end in `.yaml` or `.yml`. Names that begin with a dot are passed over:
what editors leave behind, and the `..data` directories of a Kubernetes ConfigMap, whose files are
reached by the symlinks beside them. Symlinks to files are followed, those to directories are not
(istio 1.4 `mixer/pkg/config/store/fsstore.go`), except for the root itself.
"""

import hashlib
import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mixer.errors import ConfigError, Location

MAX_FILE_BYTES: Final = 4 * 1024 * 1024
_SUFFIXES: Final = (".yaml", ".yml")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """The text of one file."""

    name: str
    """Path, relative to the directory."""
    text: str


def read_files(root: Path) -> tuple[SourceFile | ConfigError, ...]:
    """All files in lexical order of their paths; in the place of an unreadable one, its error."""
    errors: list[OSError] = []
    paths: list[Path] = []
    for base, directories, names in os.walk(root, onerror=errors.append):
        directories[:] = [name for name in directories if not name.startswith(".")]
        paths += [Path(base, name) for name in names if _counts(name)]
    found = [_read(path, _shown(path.relative_to(root))) for path in sorted(paths, key=_parts)]
    unreadable = [_os_error(_shown(Path(str(error.filename))), error) for error in errors]
    return (*unreadable, *(file for file in found if file is not None))


def digest(files: Iterable[SourceFile | ConfigError]) -> str:
    """A checksum over names, texts and errors: equal for equal contents."""
    checksum = hashlib.sha256()
    for file in files:
        parts = (file.name, file.text) if isinstance(file, SourceFile) else (str(file),)
        for part in (type(file).__name__, *parts):
            data = part.encode("utf-8", "surrogatepass")
            checksum.update(len(data).to_bytes(8, "big") + data)
    return checksum.hexdigest()


def _counts(name: str) -> bool:
    return name.endswith(_SUFFIXES) and not name.startswith(".")


def _parts(path: Path) -> tuple[str, ...]:
    return path.parts


def _shown(path: Path) -> str:
    return os.fsencode(path).decode("utf-8", "replace")


def _read(path: Path, name: str) -> SourceFile | ConfigError | None:
    try:
        # Opening a pipe would wait for its writer.
        if not stat.S_ISREG(path.stat().st_mode):
            return None
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        return _os_error(name, error)
    if len(data) > MAX_FILE_BYTES:
        return ConfigError(name, f"larger than {MAX_FILE_BYTES} bytes")
    try:
        return SourceFile(name=name, text=data.decode("utf-8"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return ConfigError(name, "not UTF-8", Location(file=name, line=line))


def _os_error(name: str, error: OSError) -> ConfigError:
    return ConfigError(name, f"can't be read: {error.strerror}")
