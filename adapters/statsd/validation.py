"""Finds what is wrong with a statsd handler before it is built."""

from collections.abc import Iterator, Mapping
from typing import Final

from adapters.address import split_address
from adapters.series_key import dimension_types
from adapters.statsd.name import dimensions_of
from adapters.statsd.params import Kind, MetricInfo, Params
from mixer.adapter import InstanceType, ParamError, ValueType

_MOST_BYTES: Final = 65_507
"""What a datagram of UDP can carry."""
_NUMBERS: Final = (ValueType.INT64, ValueType.DOUBLE)


def validate(params: Params, instances: Mapping[str, InstanceType]) -> Iterator[ParamError]:
    """All that is wrong with `params`, and with the instances that rules send."""
    yield from _settings(params)
    for name, info in params.metrics.items():
        yield from _metric(f"metrics[{name}]", info, instances.get(name))
    for name in sorted(set(instances) - set(params.metrics)):
        yield ParamError(field="metrics", message=f"no metric for instance {name}")


def _settings(params: Params) -> Iterator[ParamError]:
    try:
        split_address(params.address)
    except ValueError as error:
        yield ParamError(field="address", message=str(error))
    if params.flush_duration <= 0:
        yield ParamError(field="flush_duration", message="must be more than 0")
    if not 1 <= params.flush_bytes <= _MOST_BYTES:
        yield ParamError(field="flush_bytes", message=f"must be from 1 to {_MOST_BYTES}")
    if not 0 < params.sampling_rate <= 1:
        yield ParamError(field="sampling_rate", message="must be more than 0 and at most 1")
    for name in ("queue_size", "max_series"):
        if getattr(params, name) < 1:
            yield ParamError(field=name, message="must be at least 1")
    if params.expiry < 0:
        yield ParamError(field="expiry", message="must not be negative")


def _metric(place: str, info: MetricInfo, instance: InstanceType | None) -> Iterator[ParamError]:
    if info.type is Kind.UNKNOWN:
        yield ParamError(field=f"{place}.type", message="must be COUNTER, GAUGE or DISTRIBUTION")
    try:
        named = dimensions_of(info.name_template)
    except ValueError as error:
        yield ParamError(field=f"{place}.name_template", message=str(error))
        named = []
    if instance is None:
        return
    if missing := sorted(set(named) - set(dimension_types(instance))):
        message = f"no such dimension: {', '.join(missing)}"
        yield ParamError(field=f"{place}.name_template", message=message)
    allowed = (*_NUMBERS, ValueType.DURATION) if info.type is Kind.DISTRIBUTION else _NUMBERS
    if instance.fields.get("value") not in allowed:
        message = f"its value must be {' or '.join(one.name for one in allowed)}"
        yield ParamError(field=place, message=message)
