"""What can be configured of a memquota, and what can be wrong with it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from mixer.adapter import Duration, InstanceType, ParamError

_NO_DURATION: Final = Duration(0)
_SECOND: Final = Duration.parse("1s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """Another limit, for instances with certain dimensions."""

    dimensions: Mapping[str, str] = field(default_factory=dict)
    """Dimensions and the text of their values; one that the instance lacks counts as empty."""
    max_amount: int = 0
    valid_duration: Duration = _NO_DURATION
    """0 makes a counter; otherwise the length of the rolling window."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """The limit of one quota instance."""

    name: str = ""
    """Full name of the instance, such as `requestcount.instance.istio-system`."""
    max_amount: int = 0
    valid_duration: Duration = _NO_DURATION
    """0 makes a counter; otherwise the length of the rolling window."""
    overrides: tuple[Override, ...] = ()
    """The first that matches counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """Limits, and how long calls are remembered."""

    quotas: tuple[Quota, ...] = ()
    min_deduplication_duration: Duration = _SECOND
    """A deduplication id is remembered for this long at least, and twice as long at most."""


def validate(params: Params, instances: Mapping[str, InstanceType]) -> Iterable[ParamError]:
    """All that is wrong with the params, or missing in them for the instances that rules send."""
    if params.min_deduplication_duration <= 0:
        yield ParamError(field="min_deduplication_duration", message="must be greater than 0")
    for index, quota in enumerate(params.quotas):
        yield from _negative(f"quotas[{index}]", quota)
        for place, override in enumerate(quota.overrides):
            yield from _negative(f"quotas[{index}].overrides[{place}]", override)
    yield from name_errors((quota.name for quota in params.quotas), instances)


def name_errors(
    names: Iterable[str], instances: Mapping[str, InstanceType]
) -> Iterator[ParamError]:
    """Of limits with these names: more than one for a quota, or none for one that rules send."""
    counts = Counter(names)
    for name, count in counts.items():
        if count > 1:
            yield ParamError(field="quotas", message=f"{count} limits defined for quota {name}")
    for name in sorted(instances.keys() - counts.keys()):
        yield ParamError(field="quotas", message=f"did not find limit defined for quota {name}")


def _negative(place: str, limit: Quota | Override) -> Iterator[ParamError]:
    if limit.max_amount < 0:
        yield ParamError(field=f"{place}.max_amount", message="must not be negative")
    if limit.valid_duration < 0:
        yield ParamError(field=f"{place}.valid_duration", message="must not be negative")
