"""WebAssembly modules: as much of the binary format as tells what a module offers and needs.

A module is a magic number, a version and sections, each with its number and its size. Three of them
are of interest: imports, memories and exports (WebAssembly core specification 2.0, chapter 5.5).
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from mixer.wasm_image.error import ImageError

PAGE_BYTES: Final = 64 * 1024
"""The unit of memory."""

_HEADER: Final = b"\0asm\1\0\0\0"
_IMPORTS, _MEMORIES, _EXPORTS = 2, 5, 7
_NO_ITEMS: Final = b"\0"
_FUNCTION, _TABLE, _MEMORY, _GLOBAL = 0, 1, 2, 3
_MARKER: Final = re.compile(r"proxy_abi_version_(\d+)_(\d+)_(\d+)")
_MAX_VARINT_BITS: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """The limits of a memory, in pages."""

    initial: int
    maximum: int | None
    """None if only the host limits it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """What a module says of itself."""

    imported_function_count: int
    exported_function_count: int
    abi_versions: tuple[str, ...]
    """Of proxy-wasm, by the names that it exports: such as `0.2.1`. A filter has one."""
    memory: Memory | None


def read_module(content: bytes) -> Module:
    """Raises ImageError if `content` is no WebAssembly module."""
    if not content.startswith(_HEADER):
        raise ImageError("not a WebAssembly module: it does not begin as one of version 1 does")
    try:
        return _module(dict(_sections(content)))
    except (IndexError, UnicodeDecodeError) as error:
        raise ImageError("not a WebAssembly module: it is cut off or damaged") from error


def abi_version(content: bytes) -> str:
    """The version of proxy-wasm that a filter is for.

    Raises ImageError for a module that Envoy would not load: it wants to know one version.
    """
    versions = read_module(content).abi_versions
    if len(versions) != 1:
        found = f"it has {', '.join(versions)}" if versions else "it has none"
        raise ImageError(
            f"no filter for Envoy: a module exports one proxy_abi_version_…, but {found}"
        )
    return versions[0]


def _module(sections: Mapping[int, bytes]) -> Module:
    def reader(number: int) -> _Reader:
        return _Reader(sections.get(number, _NO_ITEMS))

    imports = list(_imports(reader(_IMPORTS)))
    exports = list(_exports(reader(_EXPORTS)))
    memories = [*(limits for _, limits in imports if limits), *_memories(reader(_MEMORIES))]
    names = [name for name, kind in exports if kind == _FUNCTION]
    markers = [found for found in map(_MARKER.fullmatch, names) if found]
    return Module(
        imported_function_count=Counter(kind for kind, _ in imports)[_FUNCTION],
        exported_function_count=len(names),
        abi_versions=tuple(".".join(found.groups()) for found in markers),
        memory=memories[0] if memories else None,
    )


class _Reader:
    """Reads one value after the other; raises IndexError where there is none."""

    def __init__(self, content: bytes, start: int = 0) -> None:
        self._content = content
        self._position = start

    @property
    def is_at_end(self) -> bool:
        return self._position == len(self._content)

    def byte(self) -> int:
        self._position += 1
        return self._content[self._position - 1]

    def number(self) -> int:
        """An unsigned LEB128."""
        value = 0
        for shift in range(0, _MAX_VARINT_BITS, 7):
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
        raise IndexError

    def take(self, size: int) -> bytes:
        taken = self._content[self._position : self._position + size]
        if len(taken) != size:
            raise IndexError
        self._position += size
        return taken

    def text(self) -> str:
        return self.take(self.number()).decode()

    def limits(self) -> Memory:
        flags = self.byte()
        return Memory(initial=self.number(), maximum=self.number() if flags & 1 else None)


def _sections(content: bytes) -> Iterator[tuple[int, bytes]]:
    reader = _Reader(content, len(_HEADER))
    while not reader.is_at_end:
        number = reader.byte()
        yield number, reader.take(reader.number())


def _imports(reader: _Reader) -> Iterator[tuple[int, Memory | None]]:
    """What each import is, and its limits if it is a memory."""
    for _ in range(reader.number()):
        reader.text()
        reader.text()
        kind = reader.byte()
        limits = None
        if kind == _FUNCTION:
            reader.number()
        elif kind == _MEMORY:
            limits = reader.limits()
        elif kind == _TABLE:
            reader.byte()
            reader.limits()
        else:  # a global or a tag: two bytes
            reader.take(2)
        yield kind, limits


def _memories(reader: _Reader) -> Iterator[Memory]:
    for _ in range(reader.number()):
        yield reader.limits()


def _exports(reader: _Reader) -> Iterator[tuple[str, int]]:
    for _ in range(reader.number()):
        name, kind, _ = reader.text(), reader.byte(), reader.number()
        yield name, kind
