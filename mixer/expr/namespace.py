"""The names that generated code uses.

Generated source never holds a value of the user: constants, attribute names and helpers are bound
to identifiers here, and are the globals of the compiled code. So no text of a configuration can
ever become Python code.
"""

import keyword
import re
from collections.abc import Callable, Sequence
from typing import Any, Final, cast

from mixer.attribute.bag import Bag

_RESERVED: Final = frozenset({"bag", "build"})
"""The names that functions around generated expressions use."""
_NUMBERED: Final = re.compile(r"[kt]\d+")


class Namespace:
    """Globals and local variables of one generated function, which may hold many expressions."""

    def __init__(self, *, records_reads: bool = True) -> None:
        self.records_reads = records_reads
        """Whether the function notes what it reads of a bag, which costs time."""
        self.globals: dict[str, object] = {"__builtins__": {}}
        """What the compiled code is to be run with."""
        self._names: dict[object, str] = {}
        self._constant_count = 0
        self._temporary_count = 0

    def bind(self, value: object) -> str:
        """An identifier for a value: the same one for the same object, or for equal text.

        Functions and classes keep their name as far as possible; anything else is `k0`, `k1`, ….
        """
        key: object = value if value.__class__ is str else id(value)
        name = self._names.get(key)
        if name is None:
            name = self._names[key] = self._new_name(value)
            self.globals[name] = value  # also keeps the object, and so its id, alive
        return name

    def temporary(self) -> str:
        """A new local variable: `t0`, `t1`, …."""
        self._temporary_count += 1
        return f"t{self._temporary_count - 1}"

    def function(self, lines: Sequence[str], result: str) -> Callable[[Bag], Any]:
        """Compiles a function of a bag: these lines, then the value of `result`."""
        body = "\n".join(f"    {line}" for line in (*lines, f"return {result}"))
        scope = {**self.globals}
        # Safe: the source holds nothing that the user wrote.
        exec(compile(f"def build(bag):\n{body}\n", "<generated>", "exec"), scope)  # noqa: S102
        return cast("Callable[[Bag], Any]", scope["build"])

    def _new_name(self, value: object) -> str:
        name = getattr(value, "__name__", None) if callable(value) else None
        if isinstance(name, str) and _is_usable(name) and name not in self.globals:
            return name
        self._constant_count += 1
        return f"k{self._constant_count - 1}"


def _is_usable(name: str) -> bool:
    is_plain = name.isidentifier() and name.isascii() and not keyword.iskeyword(name)
    return is_plain and name not in _RESERVED and _NUMBERED.fullmatch(name) is None
