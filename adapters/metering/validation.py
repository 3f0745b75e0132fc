"""Finds what is wrong with a metering handler before it is built."""

from collections.abc import Iterator, Mapping
from typing import Final

from adapters.metering.amount import MAX_DECIMALS
from adapters.metering.params import IdFrom, Meter, Params
from mixer.adapter import Duration, InstanceType, ParamError, ValueType

_AMOUNTS: Final = (ValueType.INT64, ValueType.DOUBLE, ValueType.DURATION, ValueType.STRING)
_SHORTEST_RETENTION: Final = Duration.parse("1h")


def validate(params: Params, instances: Mapping[str, InstanceType]) -> Iterator[ParamError]:
    """All that is wrong with `params`, and with the instances that rules send."""
    if not params.ledger:
        yield ParamError(field="ledger", message="must be given")
    if params.retention < _SHORTEST_RETENTION:
        yield ParamError(field="retention", message="must be at least 1h")
    if params.timeout <= 0:
        yield ParamError(field="timeout", message="must be more than 0")
    metered: set[str] = set()
    for index, meter in enumerate(params.meters):
        place = f"meters[{index}]"
        yield from _meter(place, meter)
        if meter.instance in metered:
            message = f"instance {meter.instance} has another meter already"
            yield ParamError(field=f"{place}.instance", message=message)
        elif meter.instance in instances:
            yield from _instance(place, meter, instances[meter.instance])
        metered.add(meter.instance)
    for name in sorted(instances.keys() - metered):
        yield ParamError(field="meters", message=f"no meter for instance {name}")


def _meter(place: str, meter: Meter) -> Iterator[ParamError]:
    for field in ("instance", "what", "unit", "customer"):
        if not getattr(meter, field):
            yield ParamError(field=f"{place}.{field}", message="must be given")
    if not 0 <= meter.decimals <= MAX_DECIMALS:
        message = f"must be from 0 to {MAX_DECIMALS}"
        yield ParamError(field=f"{place}.decimals", message=message)
    if meter.id_from is IdFrom.DIMENSION and not meter.id:
        yield ParamError(field=f"{place}.id", message="must be given")
    if meter.id_from is IdFrom.CONTENT and not meter.begin:
        message = "must be given: without it, equal requests can't be told apart by their content"
        yield ParamError(field=f"{place}.begin", message=message)
    if meter.end and not meter.begin:
        yield ParamError(field=f"{place}.end", message="needs begin")


def _instance(place: str, meter: Meter, instance: InstanceType) -> Iterator[ParamError]:
    types = instance.fields.get("dimensions", {})
    assert isinstance(types, Mapping)
    wanted = {"customer": meter.customer, "begin": meter.begin, "end": meter.end}
    if meter.id_from is IdFrom.DIMENSION:
        wanted["id"] = meter.id
    for field, name in wanted.items():
        if name and name not in types:
            message = f"instance {meter.instance} has no dimension {name}"
            yield ParamError(field=f"{place}.{field}", message=message)
        elif name and field in ("begin", "end") and types[name] is not ValueType.TIMESTAMP:
            message = f"dimension {name} is {types[name].name}, not TIMESTAMP"
            yield ParamError(field=f"{place}.{field}", message=message)
    if instance.fields.get("value") not in _AMOUNTS:
        message = f"instance {meter.instance}: its value is no number"
        yield ParamError(field=f"{place}.instance", message=message)
