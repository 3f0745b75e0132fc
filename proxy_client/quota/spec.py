"""Which quotas a request is charged: rules that match on its attributes.

After the messages of `mixer/v1/config/client/quota.proto` (istio/api 1.4) and how
istio/proxy 1.4 `src/istio/quota_config` reads them, but for two things: regular expressions have
RE2's syntax, and what is charged by several rules is added up (see `merged`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import re2

from mixer.attribute.value import Value
from proxy_client.quota.charge import QuotaCharge, merged

_OPTIONS: Final = re2.Options()
_OPTIONS.log_errors = False
_OPTIONS.never_capture = True  # groups only group


@dataclass(frozen=True, slots=True, kw_only=True)
class StringMatch:
    """What a string must look like: one of three ways, or with none of them anything."""

    exact: str | None = None
    """The whole string."""
    prefix: str | None = None
    """Its beginning."""
    regex: str | None = None
    """An expression in RE2's syntax that describes the whole string."""
    _fullmatch: Callable[[bytes], object] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Raises ValueError for more than one way, and for an expression that has a fault."""
        if sum(text is not None for text in (self.exact, self.prefix, self.regex)) > 1:
            raise ValueError("a string match has one of exact, prefix and regex")
        if self.regex is not None:
            object.__setattr__(self, "_fullmatch", _fullmatch(self.regex))

    def matches(self, text: str) -> bool:
        """Whether a string looks like that."""
        if self.exact is not None:
            return text == self.exact
        if self.prefix is not None:
            return text.startswith(self.prefix)
        return self.regex is None or self._fullmatch(text.encode()) is not None


@dataclass(frozen=True, slots=True)
class AttributeMatch:
    """A condition on several attributes at once."""

    clauses: Mapping[str, StringMatch]
    """By attribute; each must be there, be a string, and look like that."""

    def holds(self, attributes: Mapping[str, Value]) -> bool:
        """Whether the attributes meet all clauses."""
        for name, clause in self.clauses.items():
            value = attributes.get(name)
            if not isinstance(value, str) or not clause.matches(value):
                return False
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaRule:
    """Quotas that some requests are charged."""

    quotas: Sequence[QuotaCharge]
    match: Sequence[AttributeMatch] = ()
    """One of them must hold; with none the rule is for all requests."""

    def applies(self, attributes: Mapping[str, Value]) -> bool:
        """Whether a request with these attributes is charged."""
        return not self.match or any(match.holds(attributes) for match in self.match)


@dataclass(frozen=True, slots=True)
class QuotaSpec:
    """The rules of one service, or a part of them; all that apply count."""

    rules: Sequence[QuotaRule]


def charges(specs: Iterable[QuotaSpec], attributes: Mapping[str, Value]) -> Sequence[QuotaCharge]:
    """What a request has to pay by all specs together, one charge for each quota."""
    return merged(
        charge
        for spec in specs
        for rule in spec.rules
        if rule.applies(attributes)
        for charge in rule.quotas
    )


def _fullmatch(pattern: str) -> Callable[[bytes], object]:
    try:
        matcher: Callable[[bytes], object] = re2.compile(pattern.encode(), _OPTIONS).fullmatch
    except re2.error as error:
        reason = error.args[0]
        text = reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
        raise ValueError(f"regex {pattern!r}: {text}") from error
    return matcher
