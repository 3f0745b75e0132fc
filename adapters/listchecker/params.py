"""What can be configured of a listchecker, and what can be wrong with it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from adapters.listchecker import content, provider
from adapters.listchecker.content import EntryType
from mixer.adapter import Duration, InstanceType, ParamError, fits_int32

_MINUTE: Final = Duration.parse("1m")
_FIVE_MINUTES: Final = Duration.parse("5m")


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """A list, and what being in it means."""

    provider_url: str = ""
    """`http://…`, `https://…`, `file:///…` or an absolute path; empty: the overrides are all."""
    refresh_interval: Duration = _MINUTE
    """How often the provider is asked."""
    ttl: Duration = _FIVE_MINUTES
    """How long a list is used while the provider fails."""
    caching_interval: Duration = _FIVE_MINUTES
    """How long clients may use an answer again."""
    caching_use_count: int = 10_000
    """How often clients may use an answer again."""
    overrides: tuple[str, ...] = ()
    """Entries in addition to those of the provider."""
    entry_type: EntryType = EntryType.STRINGS
    blacklist: bool = False
    """Whether values in the list are refused; otherwise, those that are not."""


def validate(params: Params, _instances: Mapping[str, InstanceType]) -> Iterable[ParamError]:
    """All that is wrong with the params; asks no provider."""
    if params.provider_url:
        yield from _provider_errors(params)
    if params.caching_interval < 0:
        yield ParamError(field="caching_interval", message="must not be negative")
    if params.caching_use_count < 0 or not fits_int32(params.caching_use_count):
        yield ParamError(field="caching_use_count", message="must be from 0 to 2147483647")
    for index, override in enumerate(params.overrides):
        try:
            content.make(params.entry_type, (override,))
        except ValueError as error:
            yield ParamError(field=f"overrides[{index}]", message=str(error))


def _provider_errors(params: Params) -> Iterator[ParamError]:
    try:
        provider.check(params.provider_url)
    except ValueError as error:
        yield ParamError(field="provider_url", message=str(error))
    if params.refresh_interval.seconds < 1:
        yield ParamError(field="refresh_interval", message="must be at least 1s")
    if params.ttl < params.refresh_interval:
        yield ParamError(field="ttl", message="must be at least refresh_interval")
