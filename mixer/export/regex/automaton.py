"""From patterns to one deterministic automaton of bytes, which finds them anywhere in a text.

First a network of places with edges (K. Thompson): an edge is passed by a byte, or freely, or
freely at the beginning or the end of the text only. Then each set of places in which a search can
be becomes a state. A search that has got to the goal stays in `WON`; one that can't get there any
more stays in `LOST`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from mixer.export.program import Automaton
from mixer.export.regex import pattern as syntax
from mixer.export.regex.char_class import utf8
from mixer.export.regex.pattern import Pattern, UnsupportedPatternError, parse_pattern

LOST, WON = 0, 1
_MAX_STATES: Final = 1000
_MAX_PLACES: Final = 20_000


@lru_cache(maxsize=64)
def automaton_of(patterns: tuple[str, ...]) -> Automaton:
    """The automaton that finds one of these RE2 patterns.

    Raises UnsupportedPatternError for one that means what it can't, and for too many states.
    """
    network = _Network()
    goal = network.place()
    start = network.place()
    for text in patterns:
        network.add(parse_pattern(text), start, goal)
    return _Determiner(network, start, goal).automaton()


@dataclass(slots=True)
class _Place:
    free: list[int] = field(default_factory=list)
    at_begin: list[int] = field(default_factory=list)
    at_end: list[int] = field(default_factory=list)
    by_byte: list[tuple[int, int, int]] = field(default_factory=list)
    """First and last byte, and where it leads."""


class _Network:
    def __init__(self) -> None:
        self.places: list[_Place] = []

    def place(self) -> int:
        if len(self.places) >= _MAX_PLACES:
            raise UnsupportedPatternError("is too large")
        self.places.append(_Place())
        return len(self.places) - 1

    def add(self, pattern: Pattern, start: int, end: int) -> None:
        """Leads from `start` to `end` by what matches."""
        match pattern:
            case syntax.Chars(ranges):
                self._add_chars(utf8(ranges), start, end)
            case syntax.Begin():
                self.places[start].at_begin.append(end)
            case syntax.End():
                self.places[start].at_end.append(end)
            case syntax.Sequence(parts):
                for part in parts:
                    following = self.place()
                    self.add(part, start, following)
                    start = following
                self.places[start].free.append(end)
            case syntax.Choice(parts):
                for part in parts:
                    self.add(part, start, end)
            case syntax.Repeat():
                self._add_repeat(pattern, start, end)

    def _add_chars(
        self, sequences: Iterable[Sequence[tuple[int, int]]], start: int, end: int
    ) -> None:
        for sequence in sequences:
            here = start
            for first, last in sequence[:-1]:
                following = self.place()
                self.places[here].by_byte.append((first, last, following))
                here = following
            self.places[here].by_byte.append((*sequence[-1], end))

    def _add_repeat(self, pattern: syntax.Repeat, start: int, end: int) -> None:
        for _ in range(pattern.least):
            start = self._step(pattern.part, start)
        if pattern.most is None:
            loop = self.place()
            self.places[start].free.append(loop)
            self.places[loop].free.append(end)
            again = self._step(pattern.part, loop)
            self.places[again].free.append(loop)
            return
        for _ in range(pattern.most - pattern.least):
            self.places[start].free.append(end)
            start = self._step(pattern.part, start)
        self.places[start].free.append(end)

    def _step(self, part: Pattern, start: int) -> int:
        # A place of its own, so that a part that leads back to its start can't leave by another.
        inner, following = self.place(), self.place()
        self.places[start].free.append(inner)
        self.add(part, inner, following)
        return following


_Places = frozenset[int]


class _Determiner:
    def __init__(self, network: _Network, start: int, goal: int) -> None:
        self._places = network.places
        self._start = start
        self._goal = goal
        edges = [edge for place in network.places for edge in place.by_byte]
        self._firsts = sorted({0, *(e[0] for e in edges), *(e[1] + 1 for e in edges)} - {256})
        """The first byte of each class."""
        self._states: dict[tuple[_Places, bool], int] = {}
        self._pending: list[tuple[int, _Places]] = []
        self._final: list[int] = []

    def automaton(self) -> Automaton:
        start = self._state({self._start}, at_begin=True)
        rows = {LOST: [LOST] * len(self._firsts), WON: [WON] * len(self._firsts)}
        while self._pending:
            state, places = self._pending.pop()
            rows[state] = [self._after(places, byte) for byte in self._firsts]
        return Automaton(
            classes=[sum(first <= byte for first in self._firsts) - 1 for byte in range(256)],
            next=[following for state in sorted(rows) for following in rows[state]],
            start=start,
            final=sorted(self._final),
        )

    def _after(self, places: _Places, byte: int) -> int:
        reached = {
            to
            for place in places
            for first, last, to in self._places[place].by_byte
            if first <= byte <= last
        }
        return self._state({*reached, self._start}, at_begin=False)

    def _state(self, places: set[int], *, at_begin: bool) -> int:
        reached = self._closure(places, at_begin=at_begin, at_end=False)
        if self._goal in reached:
            return WON
        is_final = self._goal in self._closure(places, at_begin=at_begin, at_end=True)
        kept = frozenset(place for place in reached if self._places[place].by_byte)
        if not kept and not is_final:
            return LOST
        number = self._states.get((kept, is_final))
        if number is None:
            number = self._states[kept, is_final] = len(self._states) + 2
            if number >= _MAX_STATES:
                raise UnsupportedPatternError(f"needs more than {_MAX_STATES} states")
            self._pending.append((number, kept))
            if is_final:
                self._final.append(number)
        return number

    def _closure(self, places: set[int], *, at_begin: bool, at_end: bool) -> set[int]:
        reached = set(places)
        pending = list(places)
        while pending:
            place = self._places[pending.pop()]
            free = [*place.free, *(place.at_begin if at_begin else ())]
            for following in (*free, *(place.at_end if at_end else ())):
                if following not in reached:
                    reached.add(following)
                    pending.append(following)
        return reached


def finds(automaton: Automaton, data: bytes) -> bool:
    """Whether the automaton finds something in a text."""
    classes, following = automaton["classes"], automaton["next"]
    width = max(classes) + 1
    state = automaton["start"]
    for byte in data:
        if state in {LOST, WON}:
            break
        state = following[state * width + classes[byte]]
    return state == WON or state in automaton["final"]
