"""What the parts of a program share: constants, attributes, code and automata, each once."""

import json
from collections.abc import Hashable
from typing import Final, Generic, TypeVar

from mixer.export.attributes import Source
from mixer.export.program import Automaton, Json

T = TypeVar("T")


class _Table(Generic[T]):
    """Things by number, equal ones once."""

    def __init__(self) -> None:
        self.items: list[T] = []
        self._numbers: dict[Hashable, int] = {}

    def number(self, item: T, key: Hashable) -> int:
        number = self._numbers.setdefault(key, len(self.items))
        if number == len(self.items):
            self.items.append(item)
        return number


class Pool:
    """Collects what a program needs while it is written."""

    def __init__(self) -> None:
        self._constants: _Table[Json] = _Table()
        self._attributes: _Table[list[Json]] = _Table()
        self._code: _Table[list[int]] = _Table()
        self._automata: _Table[Automaton] = _Table()
        self.stack = 0
        """The deepest stack so far."""
        self.lowers = False
        """Whether any code has TO_LOWER."""

    @property
    def constants(self) -> list[Json]:
        """All constants so far."""
        return self._constants.items

    @property
    def attributes(self) -> list[list[Json]]:
        """All attributes so far."""
        return self._attributes.items

    @property
    def code(self) -> list[list[int]]:
        """All code so far."""
        return self._code.items

    @property
    def automata(self) -> list[Automaton]:
        """All automata so far."""
        return self._automata.items

    def add_constant(self, constant: Json) -> int:
        """The number of a constant in the form that it has in a program."""
        return self._constants.number(constant, _key(constant))

    def add_attribute(self, name: str, source: Source) -> int:
        """The number of an attribute with that source."""
        attribute: list[Json] = [name, *source]
        return self._attributes.number(attribute, _key(attribute))

    def add_code(self, code: list[int], stack: int) -> int:
        """The number of that code, which needs `stack` places."""
        self.stack = max(self.stack, stack)
        return self._code.number(code, tuple(code))

    def add_automaton(self, automaton: Automaton, key: Hashable) -> int:
        """The number of the automaton of the patterns `key`."""
        return self._automata.number(automaton, key)


def _key(value: Json) -> str:
    return json.dumps(value, sort_keys=True)


ALWAYS: Final = -1
"""In the place of a number of code: there is none."""
