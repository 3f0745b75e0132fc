"""What a configuration says to the prometheus adapter.

Names and numbers are those of istio 1.4 `mixer/adapter/prometheus/config/config.proto`; only
`listen_address` and both `max_series` are new.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from mixer.adapter import Duration

_NONE: Final = Duration(0)


class Kind(IntEnum):
    """What a sample does to its series."""

    UNSPECIFIED = 0
    GAUGE = 1
    """Replaces the value."""
    COUNTER = 2
    """Is added to the value."""
    DISTRIBUTION = 3
    """Is counted in a bucket; a histogram."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinearBuckets:
    """Upper bounds `offset + width * i`, for i from 0 to `num_finite_buckets`."""

    num_finite_buckets: int = 0
    """One less than the number of bounds; 0 to 1000."""
    width: float = 0.0
    """More than 0."""
    offset: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ExponentialBuckets:
    """Upper bounds `scale * growth_factor ** i`, for i from 0 to `num_finite_buckets`."""

    num_finite_buckets: int = 0
    """One less than the number of bounds; 0 to 1000."""
    growth_factor: float = 0.0
    """More than 1."""
    scale: float = 0.0
    """More than 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplicitBuckets:
    """Upper bounds, each written down."""

    bounds: tuple[float, ...] = ()
    """In order; without the infinite one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketsDefinition:
    """The bounds of a distribution: at most one of the three forms.

    Without any: 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10.
    """

    linear_buckets: LinearBuckets | None = None
    exponential_buckets: ExponentialBuckets | None = None
    explicit_buckets: ExplicitBuckets | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricInfo:
    """One metric, and the instance that it is fed from."""

    namespace: str = "istio"
    """Stands before the name, with a `_` between; empty for none."""
    name: str = ""
    """Without one, the instance's name is used."""
    instance_name: str = ""
    """Full name of the instance, such as `requestcount.instance.istio-system`."""
    description: str = ""
    """The help text; without one, the name as it is written here."""
    kind: Kind = Kind.UNSPECIFIED
    buckets: BucketsDefinition | None = None
    """DISTRIBUTION only."""
    label_names: tuple[str, ...] = ()
    """All dimensions of the instance, in any order."""
    max_series: int = 0
    """Bound on the series of this metric; 0 for the handler's `max_series`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricsExpirationPolicy:
    """When a series that gets no samples is forgotten."""

    metrics_expiry_duration: Duration = _NONE
    """The time without a sample; more than 0."""
    expiry_check_interval_duration: Duration = _NONE
    """The time between two looks for such series; 0 for half of the expiry duration."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """One prometheus handler."""

    metrics: tuple[MetricInfo, ...] = ()
    metrics_expiration_policy: MetricsExpirationPolicy | None = None
    """None keeps series for as long as their metric is configured."""
    listen_address: str = ":42422"
    """`host:port` of the page `/metrics`; no host for all IPv4 interfaces, port 0 for a free one.

    Handlers with the same text share the port and their metrics.
    """
    max_series: int = 100_000
    """Bound on the series of each metric that has none of its own.

    Samples that would need one more are dropped, and counted in
    `mixer_prometheus_dropped_samples_total` on the same page.
    """
