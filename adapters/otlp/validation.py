"""Finds what is wrong with an otlp handler before it is built."""

from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import urlsplit

from adapters.otlp.params import MetricInfo, Params
from adapters.prometheus.params import Kind
from adapters.prometheus.validation import check_buckets
from mixer.adapter import InstanceType, ParamError, ValueType

_NUMERIC: Final = (ValueType.INT64, ValueType.DOUBLE, ValueType.DURATION, ValueType.STRING)
"""The types of values that are, or may hold, a number."""


def validate(params: Params, instances: Mapping[str, InstanceType]) -> Iterator[ParamError]:
    """All that is wrong with `params`, and with the metric instances that rules send."""
    yield from _connection(params)
    yield from _bounds(params)
    metrics = {name: it for name, it in instances.items() if it.template == "metric"}
    fed: set[str] = set()
    for index, info in enumerate(params.metrics):
        place = f"metrics[{index}]"
        yield from _metric(place, info, metrics.get(info.instance_name))
        if info.instance_name in fed:
            message = f"instance {info.instance_name} already feeds another metric"
            yield ParamError(field=f"{place}.instance_name", message=message)
        fed.add(info.instance_name)
    for name in sorted(set(metrics) - fed):
        yield ParamError(field="metrics", message=f"no metric for instance {name}")


def _connection(params: Params) -> Iterator[ParamError]:
    is_url, has_tls = False, False
    try:
        url = urlsplit(params.endpoint)
        is_url = url.scheme in ("http", "https") and bool(url.hostname) and url.port != 0
        has_tls = url.scheme == "https"
    except ValueError:
        pass  # said below
    if not is_url:
        yield ParamError(field="endpoint", message=f"no URL of http or https: {params.endpoint!r}")
    for name, value in params.headers.items():
        if not (value.isascii() and value.isprintable()):
            yield ParamError(field="headers", message=f"the value of {name} is not plain ASCII")
        if not name or not name.isascii() or name != name.lower():
            yield ParamError(field="headers", message=f"no name in lower case: {name!r}")
    if params.tls is not None:
        if is_url and not has_tls:
            yield ParamError(field="tls", message="is for an endpoint that begins with https")
        if bool(params.tls.client_certificate) != bool(params.tls.client_key):
            message = "client_certificate and client_key need each other"
            yield ParamError(field="tls", message=message)


def _bounds(params: Params) -> Iterator[ParamError]:
    for name in ("timeout", "export_interval", "batch_interval"):
        if getattr(params, name) <= 0:
            yield ParamError(field=name, message="must be more than 0")
    for name in ("max_series", "batch_size"):
        if getattr(params, name) < 1:
            yield ParamError(field=name, message="must be at least 1")
    if params.expiry < 0:
        yield ParamError(field="expiry", message="must not be negative")
    if params.queue_size < params.batch_size:
        yield ParamError(field="queue_size", message="must not be less than batch_size")
    if not 0 <= params.sample_probability <= 1:
        yield ParamError(field="sample_probability", message="must be from 0 to 1")


def _metric(place: str, info: MetricInfo, instance: InstanceType | None) -> Iterator[ParamError]:
    if not info.instance_name:
        yield ParamError(field=f"{place}.instance_name", message="must be given")
    if info.kind is Kind.UNSPECIFIED:
        yield ParamError(field=f"{place}.kind", message="must be GAUGE, COUNTER or DISTRIBUTION")
    if info.buckets is not None:
        yield from check_buckets(f"{place}.buckets", info.buckets)
    if instance is not None and instance.fields.get("value") not in _NUMERIC:
        message = f"instance {info.instance_name}: its value is no number"
        yield ParamError(field=f"{place}.instance_name", message=message)
