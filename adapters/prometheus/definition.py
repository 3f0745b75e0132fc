"""What Prometheus is told of a metric, worked out from params alone."""

import re
from dataclasses import dataclass, field
from typing import Final

from adapters.prometheus.params import (
    BucketsDefinition,
    ExponentialBuckets,
    Kind,
    LinearBuckets,
    MetricInfo,
)

DEFAULT_BOUNDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

_REPLACEMENTS: Final = str.maketrans({"/": "_", ".": "_", " ": "_", "-": None})


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A metric: two that are equal may share their series."""

    name: str
    kind: Kind
    labels: tuple[str, ...]
    """In order."""
    bounds: tuple[float, ...]
    """Upper bounds of the finite buckets; empty unless the kind is DISTRIBUTION."""
    help: str = field(compare=False)


def define(info: MetricInfo) -> Definition:
    """The definition of a valid metric."""
    name = info.name or info.instance_name
    return Definition(
        name=full_name(info),
        kind=info.kind,
        labels=tuple(sorted(sanitise(label) for label in info.label_names)),
        bounds=bucket_bounds(info.buckets) if info.kind is Kind.DISTRIBUTION else (),
        help=info.description or name,
    )


def full_name(info: MetricInfo) -> str:
    """The name that Prometheus sees, such as `istio_requests_total`."""
    name = sanitise(info.name or info.instance_name)
    return f"{sanitise(info.namespace)}_{name}" if info.namespace else name


def sanitise(name: str) -> str:
    """`my_reqs_totalx` for `/my/reqs.total-x`; what else is invalid stays as it is.

    The rule is that of istio 1.4 `mixer/adapter/prometheus/prometheus.go`.
    """
    return name.removeprefix("/").translate(_REPLACEMENTS)


def is_metric_name(text: str) -> bool:
    """Whether Prometheus takes `text` for the name of a metric."""
    return re.fullmatch(r"[a-zA-Z_:][a-zA-Z0-9_:]*", text) is not None


def is_label_name(text: str) -> bool:
    """Whether Prometheus takes `text` for a label; two leading underscores are its own."""
    return re.fullmatch(r"(?!__)[a-zA-Z_][a-zA-Z0-9_]*", text) is not None


def bucket_bounds(buckets: BucketsDefinition | None) -> tuple[float, ...]:
    """The upper bounds that are meant; infinite where a number is too large."""
    if buckets is None:
        return DEFAULT_BOUNDS
    if buckets.linear_buckets is not None:
        return _linear(buckets.linear_buckets)
    if buckets.exponential_buckets is not None:
        return _exponential(buckets.exponential_buckets)
    explicit = buckets.explicit_buckets
    return (explicit.bounds if explicit is not None else ()) or DEFAULT_BOUNDS


def _linear(buckets: LinearBuckets) -> tuple[float, ...]:
    return tuple(buckets.offset + buckets.width * i for i in range(buckets.num_finite_buckets + 1))


def _exponential(buckets: ExponentialBuckets) -> tuple[float, ...]:
    try:
        return tuple(
            buckets.scale * float(buckets.growth_factor) ** i
            for i in range(buckets.num_finite_buckets + 1)
        )
    except OverflowError:
        return (float("inf"),)
