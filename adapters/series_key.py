"""What tells the series of a metric from one another."""

from collections.abc import Callable, Collection, Hashable, Mapping
from operator import itemgetter

from mixer.adapter import InstanceType, Value, ValueType, stringify

Key = Callable[[Mapping[str, Value]], Hashable]
"""Makes the key of a series of the dimensions of one of its samples."""


def series_key(instance: InstanceType, only: Collection[str] | None = None) -> Key:
    """The key of samples of that instance; depends on the dimensions alone, not on their order.

    `only` are the names of the dimensions that matter, None for all.
    """
    types = {
        name: kind
        for name, kind in dimension_types(instance).items()
        if only is None or name in only
    }
    names = tuple(sorted(types))
    # A mapping cannot be hashed, and itemgetter gives a tuple only for two names or more. The
    # values of a dimension are of one type, so that those that are equal are the same.
    if len(names) > 1 and ValueType.STRING_MAP not in types.values():
        return itemgetter(*names)
    return lambda dimensions: tuple(stringify(dimensions[name]) for name in names)


def dimension_types(instance: InstanceType) -> Mapping[str, ValueType]:
    """The dimensions of a metric instance."""
    types = instance.fields.get("dimensions", {})
    assert isinstance(types, Mapping), "the template says so"
    return types
