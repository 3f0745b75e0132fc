"""A tree that finds what fits a request without trying one learnt shape after the other.

An entry lies under some conditions, each with what must be observed there. A node tells entries
apart by groups: a group looks at one reference (an attribute, or a key of one), and has a child for
each value observed there. An entry hangs in exactly one group, under one of its conditions, and
deeper down under its others. Where few entries are left they are not told apart any more but tried.

- A reference that all entries of a node share, as a policy's first question does, is its only
  group: one look-up, whatever the number of shapes. Where several are shared, it is the one with
  the most values.
- Else an entry hangs under the condition that the fewest others have with the same value, and a
  request visits those groups of which it has the name and the key: an intersection of sets, so that
  it costs what the request is large, not what was learnt.
- For absences no such intersection exists. So an entry hangs under what must be present first, and
  groups for absence come last.
- A node gets groups as entries come in, so their order decides. When it has twice as many as when
  it was made, it is made again from all its entries, as long as they are not so many that requests
  would wait for it.
"""

from collections.abc import Iterator, Mapping
from typing import Final, Generic, TypeVar

from mixer.attribute.value import Value
from proxy_client.conditions.groups import Entry, Groups, Met, Node
from proxy_client.conditions.observed import observe
from proxy_client.conditions.split import split

V = TypeVar("V")

_FEW: Final = 4
"""So many entries are tried one by one."""
_FEW_GROUPS: Final = 4
"""So many a node may have before it is made again."""
_MAX_MOVED: Final = 200
"""So many entries are moved at once, which takes some ms."""


def _fits(entry: Entry[V], attributes: Mapping[str, Value]) -> bool:
    for (name, key, _), observed in entry.open:
        value = attributes.get(name)
        if key is not None or value.__class__ is not str:
            value = observe(value, key)  # type: ignore[assignment]
        if value != observed:
            return False
    return True


class ConditionTree(Generic[V]):
    """Entries by what they need. Not for use by several threads at once."""

    def __init__(self) -> None:
        self._root: Node[V] = Node(None, None)

    def fitting(self, attributes: Mapping[str, Value]) -> Iterator[Entry[V]]:
        """All entries that a request fits, the next one searched when asked for.

        The tree must not change before the last is taken.
        """
        node: Node[V] | None = self._root
        ways: list[Iterator[Node[V]]] = []
        while node is not None:
            for entry in node.entries:
                if _fits(entry, attributes):
                    yield entry
            groups = node.groups
            node = None
            if groups is not None:
                if len(groups) == 1:
                    node = groups.only_child(attributes)
                else:
                    ways.append(groups.children(attributes))
            while ways and node is None:
                node = next(ways[-1], None)
                if node is None:
                    ways.pop()

    def add(self, entry: Entry[V]) -> None:
        """Takes in an entry; there must be none with the same conditions and values."""
        node = self._root
        node.count += 1
        crowded = None
        while node.groups is not None and entry.open:
            met = node.groups.choose(entry.open)
            child = node.groups.child(met, node)
            if crowded is None and node.is_crowded and node.count <= _MAX_MOVED:
                crowded = node
            entry.descend(met)
            node = child
            node.count += 1
        node.take(entry)
        if crowded is not None:
            _make_again(crowded)
        elif node.groups is None and node.count > _FEW:
            _make(node, node.entries)

    def remove(self, entry: Entry[V]) -> None:
        """Takes out an entry, and the branches that held nothing else."""
        node = entry.node
        assert node is not None
        node.entries.remove(entry)
        while True:
            node.count -= 1
            parent = node.parent
            if parent is None:
                return
            if not node.count:
                parent.drop(node)
            node = parent

    @property
    def node_count(self) -> int:
        """How large the structure is; takes as long as it is large."""
        return sum(1 for _ in self._root.below())


def _make(node: Node[V], entries: list[Entry[V]]) -> None:
    """Builds the structure of a node and all below it."""
    work = [(node, entries)]
    while work:
        node, entries = work.pop()
        node.count = len(entries)
        node.entries = []
        node.groups = None
        if len(entries) > _FEW:
            parts = split(entries)
            groups = node.groups = Groups(parts.shared)
            entries = parts.complete
            for met, part in parts.open.items():
                for entry in part:
                    entry.descend(met)
                work.append((groups.child(met, node), part))
            groups.max_count = 2 * max(len(groups), _FEW_GROUPS)
        for entry in entries:
            node.take(entry)


def _make_again(node: Node[V]) -> None:
    behind: set[Met] = set(node.path())
    entries = [entry for inner in node.below() for entry in inner.entries]
    for entry in entries:
        entry.open = tuple(met for met in entry.key if met not in behind)
    _make(node, entries)
