"""What an adapter is told of the instances that it will get."""

from collections.abc import Mapping
from dataclasses import dataclass

from mixer.attribute.value import ValueType


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceType:
    """What is known, before any request, of an instance that a rule sends to a handler."""

    template: str
    fields: Mapping[str, ValueType | Mapping[str, ValueType]]
    """The type of each configured field; for a map field, the type of each entry."""
