"""Calls between Python and a module, without checks.

wasmtime's own `Func` looks up its types at each call and makes an object of each value; that takes
30 to 45 µs in either direction, and a request has dozens of such calls. What lies below takes 3 µs.
It is not part of the package's interface, so the package's version is pinned.
"""

import ctypes
import struct
from collections.abc import Callable, Sequence
from typing import Final

import wasmtime
from wasmtime import _bindings as bindings

_SLOT: Final = ctypes.sizeof(bindings.wasmtime_val_raw_t)
_FORMATS: Final = {"i32": f"I{_SLOT - 4}x", "i64": f"q{_SLOT - 8}x"}
_RESULT: Final = struct.Struct("<I")
_CALLBACK: Final = ctypes.CFUNCTYPE(
    ctypes.c_size_t, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t
)
_NO_FINALIZER: Final = ctypes.cast(0, ctypes.CFUNCTYPE(None, ctypes.c_void_p))

Fail = Callable[[BaseException], None]
"""Keeps what a function of the host raised, for whoever entered the module."""


class Trapped(Exception):  # noqa: N818 - it is an event, and the word for it
    """The module has ended itself: it can't be called any more."""


def _layout(types: Sequence[wasmtime.ValType]) -> struct.Struct:
    return struct.Struct("<" + "".join(_FORMATS[str(kind)] for kind in types))


class HostFunction:
    """A function in Python that a module imports; it returns a status."""

    def __init__(
        self,
        store: wasmtime.Store,
        kind: wasmtime.FuncType,
        run: Callable[..., int],
        fail: Fail,
    ) -> None:
        arguments = _layout(kind.params)
        size = arguments.size
        read = arguments.unpack
        write = _RESULT.pack

        def called(_env: int, _caller: int, slots: int, _count: int) -> int:
            try:
                result = run(*read(ctypes.string_at(slots, size)))
                ctypes.memmove(slots, write(result), 4)
            except BaseException as error:  # it must not pass through the module's frames
                fail(error)
                trap = wasmtime.Trap("raised in the host")._consume()
                return ctypes.cast(trap, ctypes.c_void_p).value or 0
            return 0

        self._callback = _CALLBACK(called)  # kept: the module does not
        raw = bindings.wasmtime_func_t()
        bindings.wasmtime_func_new_unchecked(
            store._context(),
            kind.ptr(),
            ctypes.cast(self._callback, bindings.wasmtime_func_unchecked_callback_t),
            None,
            _NO_FINALIZER,
            ctypes.byref(raw),
        )
        self.function = wasmtime.Func._from_raw(raw)


class ModuleFunction:
    """A function that a module exports. Not to be entered twice at a time."""

    def __init__(self, store: wasmtime.Store, function: wasmtime.Func) -> None:
        kind = function.type(store)
        self._store = store
        self._function = function
        self._arguments = _layout(kind.params)
        self._has_result = bool(kind.results)
        self._count = max(1, len(kind.params))
        self._slots = ctypes.create_string_buffer(self._count * _SLOT)
        self._raw = ctypes.cast(self._slots, ctypes.POINTER(bindings.wasmtime_val_raw_t))

    def __call__(self, *arguments: int) -> int:
        """The result, 0 if there is none. Raises Trapped."""
        self._arguments.pack_into(self._slots, 0, *arguments)
        trap = ctypes.POINTER(bindings.wasm_trap_t)()
        error = bindings.wasmtime_func_call_unchecked(
            self._store._context(),
            ctypes.byref(self._function._func),
            self._raw,
            self._count,
            ctypes.byref(trap),
        )
        if error:
            raise Trapped(str(wasmtime.WasmtimeError._from_ptr(error)))
        if trap:
            raise Trapped(wasmtime.Trap._from_ptr(trap).message)
        return int(_RESULT.unpack_from(self._slots)[0]) if self._has_result else 0
