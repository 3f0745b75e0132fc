"""Which attributes an expression may read where it will run, and where they come from there."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mixer.attribute.value import Value, ValueType
from mixer.export.attributes import KNOWN, OWNERS_TOO, Phase, Source
from mixer.export.constant import KINDS, kind_of, to_json
from mixer.export.pool import Pool


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the owner of a proxy says of all its requests."""

    attributes: Mapping[str, Value] = field(default_factory=dict)
    """The values of attributes."""
    absent: frozenset[str] = frozenset()
    """Attributes that no request has."""

    def not_the_owners(self) -> list[str]:
        """Those attributes that a request has by itself, so that nobody can say them."""
        return sorted((self.attributes.keys() | self.absent) & (KNOWN.keys() - OWNERS_TOO))


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The attributes of one phase."""

    pool: Pool
    said: Said
    phase: Phase
    unknown: set[str]
    """Names that were asked for and that a proxy does not know."""

    def find(self, name: str, declared: ValueType) -> Source | str:
        """The source of an attribute, or why there is none."""
        if name in self.said.attributes:
            return self._said(self.said.attributes[name], declared)
        if name in self.said.absent:
            return ("absent",)
        known = KNOWN.get(name)
        if known is None:
            self.unknown.add(name)
            return "is unknown to a proxy: give it a value, or declare it absent"
        if KINDS[known.type] is not KINDS[declared]:
            return f"is {declared.name}, but {known.type.name} in a proxy"
        return known.check if self.phase is Phase.CHECK else known.report

    def _said(self, value: Value, declared: ValueType) -> Source | str:
        if kind_of(value) is not KINDS[declared]:
            return f"is {declared.name}, and can't be {value!r}"
        return "constant", self.pool.add_constant(to_json(value))
