"""What the emitters of the single functions need of the one that calls them."""

from typing import Protocol

from mixer.attribute.value import ValueType
from mixer.expr.ast import Call, Node


class Writer(Protocol):
    """Writes the source of parts of an expression; see `emitter`."""

    def bind(self, value: object) -> str:
        """An identifier for a constant or a helper."""

    def temporary(self) -> str:
        """A new local variable."""

    def type_of(self, node: Node) -> ValueType:
        """The type of a part of the expression."""

    def open(self, node: Node, fallback: str | None = None, *, used: bool = False) -> str:
        """Source that fits between brackets and commas."""

    def closed(self, node: Node, *, used: bool = False) -> str:
        """Source that fits anywhere."""

    def looked_up(self, node: Call) -> str:
        """The entry of a map that must be there; None when the key isn't."""
