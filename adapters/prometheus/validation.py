"""Finds what is wrong with a prometheus handler before it is built."""

import math
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Final

from adapters.address import split_address
from adapters.prometheus.definition import (
    Definition,
    bucket_bounds,
    define,
    full_name,
    is_label_name,
    is_metric_name,
    sanitise,
)
from adapters.prometheus.params import (
    BucketsDefinition,
    Kind,
    MetricInfo,
    MetricsExpirationPolicy,
    Params,
)
from mixer.adapter import InstanceType, ParamError, ValueType

_MAX_FINITE_BUCKETS: Final = 1000
_NUMERIC: Final = (ValueType.INT64, ValueType.DOUBLE, ValueType.DURATION, ValueType.STRING)
"""The types of values that are, or may hold, a number."""


def validate(params: Params, instances: Mapping[str, InstanceType]) -> Iterator[ParamError]:
    """All that is wrong with `params`, and with the instances that rules send."""
    yield from _settings(params)
    defined: dict[str, Definition] = {}
    fed: set[str] = set()
    for index, info in enumerate(params.metrics):
        place = f"metrics[{index}]"
        problems = list(_metric(place, info))
        yield from problems or _redefined(place, define(info), defined)
        if info.instance_name in fed:
            message = f"instance {info.instance_name} already feeds another metric"
            yield ParamError(field=f"{place}.instance_name", message=message)
        elif info.instance_name in instances:
            yield from _instance(place, info, instances[info.instance_name])
        fed.add(info.instance_name)
    for name in sorted(set(instances) - fed):
        yield ParamError(field="metrics", message=f"no metric for instance {name}")


def _settings(params: Params) -> Iterator[ParamError]:
    try:
        split_address(params.listen_address)
    except ValueError as error:
        yield ParamError(field="listen_address", message=str(error))
    if params.max_series < 1:
        yield ParamError(field="max_series", message="must be at least 1")
    if params.metrics_expiration_policy is not None:
        yield from _expiry("metrics_expiration_policy", params.metrics_expiration_policy)


def _expiry(place: str, policy: MetricsExpirationPolicy) -> Iterator[ParamError]:
    if policy.metrics_expiry_duration <= 0:
        yield ParamError(field=f"{place}.metrics_expiry_duration", message="must be more than 0")
    if policy.expiry_check_interval_duration < 0:
        field = f"{place}.expiry_check_interval_duration"
        yield ParamError(field=field, message="must not be negative")


def _metric(place: str, info: MetricInfo) -> Iterator[ParamError]:
    if not info.instance_name:
        yield ParamError(field=f"{place}.instance_name", message="must be given")
    elif not is_metric_name(full_name(info)):
        message = f"{full_name(info)!r} is no name of a metric"
        yield ParamError(field=f"{place}.name", message=message)
    if info.kind is Kind.UNSPECIFIED:
        yield ParamError(field=f"{place}.kind", message="must be GAUGE, COUNTER or DISTRIBUTION")
    if info.max_series < 0:
        yield ParamError(field=f"{place}.max_series", message="must not be negative")
    yield from _labels(f"{place}.label_names", info)
    if info.buckets is not None:
        yield from check_buckets(f"{place}.buckets", info.buckets)


def _labels(place: str, info: MetricInfo) -> Iterator[ParamError]:
    seen: set[str] = set()
    for written in info.label_names:
        label = sanitise(written)
        if not is_label_name(label):
            yield ParamError(field=place, message=f"{label!r} is no name of a label")
        if label in seen:
            yield ParamError(field=place, message=f"{label!r} stands there twice")
        if label == "le" and info.kind is Kind.DISTRIBUTION:
            yield ParamError(field=place, message="'le' is the label of the buckets")
        seen.add(label)


def check_buckets(place: str, buckets: BucketsDefinition) -> Iterator[ParamError]:
    """What is wrong with the buckets of a distribution, which stand at `place`."""
    forms = (buckets.linear_buckets, buckets.exponential_buckets, buckets.explicit_buckets)
    if sum(form is not None for form in forms) > 1:
        yield ParamError(field=place, message="only one of linear, exponential and explicit")
        return
    for form in forms[:2]:
        if form is not None and not 0 <= form.num_finite_buckets <= _MAX_FINITE_BUCKETS:
            message = f"num_finite_buckets must be from 0 to {_MAX_FINITE_BUCKETS}"
            yield ParamError(field=place, message=message)
            return
    bounds = bucket_bounds(buckets)
    if not all(map(math.isfinite, bounds)) or any(low >= high for low, high in pairwise(bounds)):
        yield ParamError(field=place, message="the bounds must be finite, each above the last")


def _redefined(
    place: str, definition: Definition, defined: dict[str, Definition]
) -> Iterator[ParamError]:
    if defined.setdefault(definition.name, definition) != definition:
        message = f"{definition.name} is defined twice, differently"
        yield ParamError(field=f"{place}.name", message=message)


def _instance(place: str, info: MetricInfo, instance: InstanceType) -> Iterator[ParamError]:
    """Compares labels with dimensions, as Prometheus sees both, and looks at the value."""
    types = instance.fields.get("dimensions", {})
    dimensions = [sanitise(name) for name in types] if isinstance(types, Mapping) else []
    labels = [sanitise(name) for name in info.label_names]
    differences = [
        *_listed("no such dimension", set(labels) - set(dimensions)),
        *_listed("no label for dimension", set(dimensions) - set(labels)),
        *_listed("same label for dimensions", {d for d in dimensions if dimensions.count(d) > 1}),
    ]
    if differences:
        message = f"instance {info.instance_name}: {'; '.join(differences)}"
        yield ParamError(field=f"{place}.label_names", message=message)
    if instance.fields.get("value") not in _NUMERIC:
        message = f"instance {info.instance_name}: its value is no number"
        yield ParamError(field=f"{place}.instance_name", message=message)


def _listed(what: str, names: Iterable[str]) -> list[str]:
    text = ", ".join(sorted(names))
    return [f"{what} {text}"] if text else []
