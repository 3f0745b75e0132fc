"""The attributes that expressions may name, each with its type."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mixer.attribute.value import ValueType


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeInfo:
    """What a manifest says of one attribute."""

    value_type: ValueType
    description: str = ""


class Vocabulary(Mapping[str, AttributeInfo]):
    """An immutable map from attribute name to `AttributeInfo`."""

    __slots__ = ("_attributes",)

    def __init__(self, attributes: Mapping[str, AttributeInfo]) -> None:
        self._attributes = dict(attributes)

    @classmethod
    def of(cls, **types: ValueType) -> "Vocabulary":
        """A vocabulary from keywords; `__` stands for a dot, as in `source__name`."""
        return cls(
            {name.replace("__", "."): AttributeInfo(value_type=t) for name, t in types.items()}
        )

    def extended(self, attributes: Mapping[str, AttributeInfo]) -> "Vocabulary":
        """A vocabulary of these attributes and `attributes`, which win."""
        return Vocabulary({**self._attributes, **attributes})

    def __getitem__(self, name: str) -> AttributeInfo:
        return self._attributes[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._attributes)

    def __len__(self) -> int:
        return len(self._attributes)
