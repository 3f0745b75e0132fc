"""Decides by which conditions a node of a condition tree tells its entries apart."""

from collections import Counter, defaultdict
from typing import Generic, NamedTuple, TypeVar

from proxy_client.conditions.groups import Entry, Met, Reference, hanging_by, present_first

V = TypeVar("V")


class Parts(NamedTuple, Generic[V]):
    """Entries, divided."""

    complete: list[Entry[V]]
    """Those without an open condition."""
    open: dict[Met, list[Entry[V]]]
    """The others, by one of their open conditions."""
    shared: Reference | None
    """What all these conditions look at; None when they look at several references."""


def split(entries: list[Entry[V]]) -> Parts[V]:
    """Divides entries: by what they share, else so that few are left where a request comes."""
    parts: dict[Met, list[Entry[V]]] = defaultdict(list)
    complete = [entry for entry in entries if not entry.open]
    rest = [entry for entry in entries if entry.open]
    counts = Counter(met for entry in rest for met in entry.open)
    shared = _shared(counts, len(rest))
    uses = Counter(condition for entry in rest for condition, _ in entry.open)

    def rank(met: Met) -> tuple[int, int]:
        return counts[met], -uses[met[0]]

    for entry in rest:
        met = hanging_by(entry.open, shared) or min(present_first(entry.open), key=rank)
        parts[met].append(entry)
    return Parts(complete, parts, shared)


def _shared(counts: Counter[Met], total: int) -> Reference | None:
    """The reference that all entries have, and by which most can be told apart."""
    entry_counts: Counter[Reference] = Counter()
    value_counts: Counter[Reference] = Counter()
    for ((name, key, _), _), count in counts.items():
        entry_counts[name, key] += count
        value_counts[name, key] += 1
    common = [reference for reference, count in entry_counts.items() if count == total]
    return max(common, key=value_counts.__getitem__, default=None)
