"""The parts of a condition tree: entries, nodes, and the groups of a node's children.

How the tree works as a whole is told in `proxy_client.conditions.tree`.
"""

from collections.abc import Iterator, Mapping
from typing import Final, Generic, TypeAlias, TypeVar

from mixer.attribute.value import Value
from proxy_client.conditions.condition import Condition
from proxy_client.conditions.observed import Observed, observe

V = TypeVar("V")

Met: TypeAlias = tuple[Condition, Observed]
"""A condition, and what must be observed there."""
Reference: TypeAlias = tuple[str, str | None]
"""An attribute, and a key of it; without its answer."""

_FEW: Final = 16
"""So many names or keys are looked up one by one sooner than they are intersected."""


def hanging_by(open_: tuple[Met, ...], reference: Reference | None) -> Met | None:
    """The one of these conditions that looks at a reference."""
    return next((met for met in open_ if met[0][:2] == reference), None)


def present_first(open_: tuple[Met, ...]) -> tuple[Met, ...]:
    """The conditions that need a value, or all when none does.

    For groups of absence are visited one by one.
    """
    return tuple(met for met in open_ if met[0].is_present) or open_


class Entry(Generic[V]):
    """A value, and what must be observed for it to be found."""

    __slots__ = ("key", "node", "open", "value")

    def __init__(self, key: frozenset[Met], value: V) -> None:
        self.key = key
        self.value = value
        self.open = tuple(key)
        """What the way from the root to its node does not tell."""
        self.node: Node[V] | None = None

    def descend(self, met: Met) -> None:
        """Notes that the way to this entry tells `met`."""
        self.open = tuple(other for other in self.open if other != met)


class Node(Generic[V]):
    """Entries, told apart by groups or, when they are few, not at all."""

    __slots__ = ("count", "entries", "groups", "met", "parent")

    def __init__(self, parent: "Node[V] | None", met: Met | None) -> None:
        self.parent = parent
        self.met = met
        """What is known here beside what is known in the parent; None in the root."""
        self.count = 0
        """How many entries are here and below."""
        self.entries: list[Entry[V]] = []
        """In a node with groups, the one for which all is known."""
        self.groups: Groups[V] | None = None

    @property
    def is_crowded(self) -> bool:
        """Whether it has many more groups than when it was made."""
        return self.groups is not None and len(self.groups) > self.groups.max_count

    def take(self, entry: Entry[V]) -> None:
        """Holds an entry from now on; to be counted by the caller."""
        self.entries.append(entry)
        entry.node = self

    def drop(self, child: "Node[V]") -> None:
        """Forgets a child."""
        assert self.groups is not None
        assert child.met is not None
        self.groups.drop(child.met)
        if not self.groups:
            self.groups = None

    def below(self) -> "Iterator[Node[V]]":
        """The node itself and all under it."""
        nodes = [self]
        while nodes:
            node = nodes.pop()
            yield node
            if node.groups is not None:
                nodes += node.groups

    def path(self) -> Iterator[Met]:
        """All that is known here."""
        node: Node[V] | None = self
        while node is not None and node.met is not None:
            yield node.met
            node = node.parent


_Branches: TypeAlias = dict[Observed, Node[V]]


class Groups(Generic[V]):
    """The children of a node, by reference and by what is observed there."""

    __slots__ = ("_absent", "_branches", "_keyed", "_plain", "_shared", "max_count")

    def __init__(self, shared: Reference | None) -> None:
        self._shared = shared
        """What all entries had a condition for when the node was made."""
        self.max_count = 0
        """With more groups than this the node is to be made again."""
        self._branches: dict[Reference, _Branches[V]] = {}
        self._plain: dict[str, _Branches[V]] = {}
        self._keyed: dict[str, dict[str, _Branches[V]]] = {}
        """The same branches, by name for whole attributes, and by name and key for entries."""
        self._absent: dict[Reference, Node[V]] = {}
        """The children for absence."""

    def __len__(self) -> int:
        """How many references are looked at."""
        return len(self._branches)

    def __iter__(self) -> Iterator[Node[V]]:
        """All children."""
        for branches in self._branches.values():
            yield from branches.values()

    def only_child(self, attributes: Mapping[str, Value]) -> Node[V] | None:
        """The child under which a request may fit something, when there is only one reference."""
        ((name, key), branches), *_ = self._branches.items()
        value = attributes.get(name)
        is_text = key is None and value.__class__ is str
        return branches.get(value if is_text else observe(value, key))  # type: ignore[arg-type]

    def children(self, attributes: Mapping[str, Value]) -> Iterator[Node[V]]:
        """Those under which a request may fit something."""
        plain = self._plain
        for name in plain if len(plain) <= _FEW else plain.keys() & attributes.keys():
            value = attributes.get(name)
            observed = value if value.__class__ is str else observe(value, None)
            node = plain[name].get(observed)
            if node is not None and observed is not None:
                yield node
        if self._keyed:
            yield from self._children_by_key(attributes)
        for (name, key), node in self._absent.items():
            value = attributes.get(name)
            if value is None or observe(value, key) is None:
                yield node

    def _children_by_key(self, attributes: Mapping[str, Value]) -> Iterator[Node[V]]:
        for name, by_key in self._keyed.items():
            entries = attributes.get(name)
            if isinstance(entries, Mapping):
                for key in by_key if len(by_key) <= _FEW else by_key.keys() & entries.keys():
                    text = entries.get(key)
                    node = by_key[key].get(text)
                    if node is not None and text is not None:
                        yield node

    def choose(self, open_: tuple[Met, ...]) -> Met:
        """Under which of these conditions an entry is to hang; there is at least one."""
        return hanging_by(open_, self._shared) or min(present_first(open_), key=self._rank)

    def _rank(self, met: Met) -> tuple[int, bool]:
        (name, key, _), observed = met
        branches = self._branches.get((name, key), {})
        count = branches[observed].count if observed in branches else 0
        return count, not branches

    def child(self, met: Met, parent: Node[V]) -> Node[V]:
        """The child for that condition, made when there is none."""
        (name, key, is_present), observed = met
        reference = name, key
        branches = self._branches.get(reference)
        if branches is None:
            branches = self._branches[reference] = {}
            by_word = self._plain if key is None else self._keyed.setdefault(name, {})
            by_word[name if key is None else key] = branches
        if observed not in branches:
            branches[observed] = Node(parent, met)
            if not is_present:
                self._absent[reference] = branches[observed]
        return branches[observed]

    def drop(self, met: Met) -> None:
        """Forgets a child, and its group when that has no other."""
        (name, key, is_present), observed = met
        reference = name, key
        branches = self._branches[reference]
        del branches[observed]
        if not is_present:
            del self._absent[reference]
        if branches:
            return
        del self._branches[reference]
        by_word = self._plain if key is None else self._keyed[name]
        del by_word[name if key is None else key]
        if key is not None and not by_word:
            del self._keyed[name]
