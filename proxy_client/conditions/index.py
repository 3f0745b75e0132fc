"""Values by the conditions under which they may be used, found by the attributes of a request.

Unlike in the original, where a slot was a hash of the values that had to be present (proxy 1.4
`src/istio/mixerclient/check_cache.cc`), what was absent counts too, values are compared and not
their hashes, what was learnt is forgotten with the last value that needs it, and a look-up does not
walk all that was learnt.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from typing import Generic, TypeVar

from mixer.attribute.value import Value
from proxy_client.conditions.condition import Condition
from proxy_client.conditions.groups import Entry, Met
from proxy_client.conditions.observed import UNFIT, observe
from proxy_client.conditions.tree import ConditionTree

V = TypeVar("V")


def _met(conditions: Iterable[Condition], attributes: Mapping[str, Value]) -> frozenset[Met] | None:
    """What the attributes show for each condition; None when one does not hold for them."""
    met = []
    for condition in conditions:
        observed = observe(attributes.get(condition.name), condition.key)
        if observed is UNFIT or (observed is not None) != condition.is_present:
            return None
        met.append((condition, observed))
    return frozenset(met)


class ConditionIndex(Generic[V]):
    """A bounded table; the value used longest ago goes first. Not for several threads at once."""

    def __init__(self, max_count: int) -> None:
        """Holds so many values; with 0 it stays empty."""
        self._max_count = max_count
        self._tree: ConditionTree[V] = ConditionTree()
        self._entries: OrderedDict[frozenset[Met], Entry[V]] = OrderedDict()
        """All entries, the one used longest ago first."""

    def __len__(self) -> int:
        """How many values there are."""
        return len(self._entries)

    @property
    def node_count(self) -> int:
        """How large the structure for searching is; takes as long as it is large."""
        return self._tree.node_count

    def find(self, attributes: Mapping[str, Value], accept: Callable[[V], bool]) -> V | None:
        """A value whose conditions the attributes meet, and that `accept` takes.

        Values that it does not take are removed, and the search goes on.
        """
        refused = []
        found = None
        for entry in self._tree.fitting(attributes):
            if accept(entry.value):
                self._entries.move_to_end(entry.key)
                found = entry.value
                break
            refused.append(entry)
        for entry in refused:
            self._remove(entry)
        return found

    def put(
        self, attributes: Mapping[str, Value], conditions: Iterable[Condition], value: V
    ) -> None:
        """Keeps a value for all that looks like these attributes where the conditions look.

        The value of the same conditions and attributes is replaced. Nothing is kept when the
        attributes do not meet the conditions.
        """
        key = _met(conditions, attributes)
        if key is None:
            return
        entry = self._entries.get(key)
        if entry is not None:
            entry.value = value
            self._entries.move_to_end(key)
            return
        entry = self._entries[key] = Entry(key, value)
        self._tree.add(entry)
        if len(self._entries) > self._max_count:
            self._remove(next(iter(self._entries.values())))

    def discard(self, attributes: Mapping[str, Value], conditions: Iterable[Condition]) -> None:
        """Removes what `put` keeps for these, if there is such a value."""
        key = _met(conditions, attributes)
        entry = None if key is None else self._entries.get(key)
        if entry is not None:
            self._remove(entry)

    def _remove(self, entry: Entry[V]) -> None:
        del self._entries[entry.key]
        self._tree.remove(entry)
