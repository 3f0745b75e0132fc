"""What a configuration says to the statsd adapter.

Names, numbers and defaults are those of istio 1.4 `mixer/adapter/statsd/config/config.proto`, up to
`metrics`; the fields after it are new.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

from mixer.adapter import Duration

_NONE: Final = Duration(0)
_FLUSH: Final = Duration.parse("300ms")


class Kind(IntEnum):
    """What a sample is to the server."""

    UNKNOWN = 0
    COUNTER = 1
    """`|c`: is added."""
    GAUGE = 2
    """`|g`: replaces the value."""
    DISTRIBUTION = 3
    """`|ms`: a time in milliseconds for a DURATION; other numbers are sent as they are, and as `|h`
    if `dimensions_as_tags` says that the server knows it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricInfo:
    """The metric that an instance is sent as."""

    type: Kind = Kind.UNKNOWN
    """COUNTER (`|c`) is added, GAUGE (`|g`) replaces the value, DISTRIBUTION is a time in
    milliseconds (`|ms`), or any number (`|ms`, and `|h` with `dimensions_as_tags`)."""
    name_template: str = ""
    """The metric's name, in which `{{.method}}` stands for the dimension `method`; nothing else of
    Go's templates is known. Without one, it is the instance's full name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """One statsd handler."""

    address: str = "localhost:8125"
    """`host:port` of the server, for UDP."""
    prefix: str = ""
    """Stands before each name, with a `.` between."""
    flush_duration: Duration = _FLUSH
    """How long lines wait for others to fill their datagram."""
    flush_bytes: int = 512
    """The size that a datagram does not exceed, unless it is a single line."""
    sampling_rate: float = 1.0
    """The share of counter and distribution samples that is sent, more than 0 and at most 1; the
    server is told, and makes up for it."""
    metrics: Mapping[str, MetricInfo] = field(default_factory=dict)
    """By the full name of the instance, such as `requestcount.instance.istio-system`."""
    dimensions_as_tags: bool = False
    """Whether all dimensions are sent as tags, `|#method:GET`, which DogStatsD knows and others
    may not."""
    queue_size: int = 10_000
    """How many lines may wait; others are dropped and counted in
    `mixer_adapter_statsd_dropped_total`."""
    max_series: int = 10_000
    """Bound on the names, with their tags, of each metric. Samples that would need one more are
    dropped, and counted in `mixer_adapter_dropped_samples_total`."""
    expiry: Duration = _NONE
    """A series that had no sample for longer leaves its place to others; 0 keeps all."""
