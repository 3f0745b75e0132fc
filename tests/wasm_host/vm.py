"""One instance of a module: its functions and its memory."""

import ctypes
import struct
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

import wasmtime

from tests.wasm_host.unchecked import HostFunction, ModuleFunction, Trapped

_ENGINE: Final = wasmtime.Engine()
_ADDRESS_SPACE: Final = 1 << 32
_U32: Final = struct.Struct("<I")
_U64: Final = struct.Struct("<Q")

FindImport = Callable[[str], Callable[..., int]]
"""The function behind an import of that name."""


@cache
def _compiled(path: Path) -> wasmtime.Module:
    return wasmtime.Module.from_file(_ENGINE, str(path))


class BadMemoryError(Exception):
    """The module named memory that it does not have, or has none left."""


class Vm:
    """A module that runs; for one thread."""

    def __init__(self, path: Path, find_import: FindImport) -> None:
        """Compiles the module unless that was done before; its constructors run in `start`."""
        module = _compiled(path)
        self._store = wasmtime.Store(_ENGINE)
        self._raised: list[BaseException] = []
        self._imports = [
            HostFunction(
                self._store, wanted.type, find_import(wanted.name or ""), self._raised.append
            )
            for wanted in module.imports
            if isinstance(wanted.type, wasmtime.FuncType)
        ]
        instance = wasmtime.Instance(
            self._store, module, [imported.function for imported in self._imports]
        )
        exports = instance.exports(self._store)
        self._functions = {
            name: ModuleFunction(self._store, exported)
            for name, exported in exports.items()
            if isinstance(exported, wasmtime.Func)
        }
        memory = exports["memory"]
        assert isinstance(memory, wasmtime.Memory)
        self._memory = memory
        # All addresses that there can be are reserved at once, so the memory never moves.
        base = ctypes.addressof(memory.data_ptr(self._store).contents)
        self._bytes = memoryview((ctypes.c_char * _ADDRESS_SPACE).from_address(base)).cast("B")
        self._size = 0
        self._has_trapped = False

    def has(self, name: str) -> bool:
        """Whether the module exports that function."""
        return name in self._functions

    def call(self, name: str, *arguments: int) -> int:
        """What the exported function returns, 0 if it does not.

        Raises Trapped, and what a function of the host raised meanwhile.
        """
        if self._has_trapped:
            raise Trapped("the module has ended before")
        try:
            return self._functions[name](*arguments)
        except Trapped:
            self._has_trapped = True
            if self._raised:
                raise self._raised.pop() from None
            raise

    @property
    def memory_size(self) -> int:
        """How many bytes of memory the module has now."""
        return self._memory.data_len(self._store)

    def read(self, pointer: int, size: int) -> bytes:
        """A copy of some memory; raises BadMemoryError."""
        return bytes(self._slice(pointer, size)) if size else b""

    def write(self, pointer: int, data: bytes) -> None:
        """Overwrites some memory; raises BadMemoryError."""
        self._slice(pointer, len(data))[:] = data

    def write_u32(self, pointer: int, number: int) -> None:
        """Writes an unsigned number of 32 bits; raises BadMemoryError."""
        self.write(pointer, _U32.pack(number))

    def write_u64(self, pointer: int, number: int) -> None:
        """Writes an unsigned number of 64 bits; raises BadMemoryError."""
        self.write(pointer, _U64.pack(number))

    def hand_over(self, data: bytes, pointer_to: int, size_to: int) -> None:
        """Puts bytes into memory that the module allocates, and tells it where they are.

        No bytes take no memory: their address is 0, as in Envoy. Raises BadMemoryError.
        """
        pointer = 0
        if data:
            pointer = self.call("proxy_on_memory_allocate", len(data))
            if not pointer:
                raise BadMemoryError
            self.write(pointer, data)
        self.write_u32(pointer_to, pointer)
        self.write_u32(size_to, len(data))

    def _slice(self, pointer: int, size: int) -> memoryview:
        end = pointer + size
        if end > self._size:
            self._size = self.memory_size
            if end > self._size:
                raise BadMemoryError
        return self._bytes[pointer:end]
