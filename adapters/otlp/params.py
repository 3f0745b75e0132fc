"""What a configuration says to the otlp adapter."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

from adapters.prometheus.params import BucketsDefinition, Kind
from mixer.adapter import Duration

_NONE: Final = Duration(0)
_SECOND: Final = Duration.parse("1s")
_TIMEOUT: Final = Duration.parse("10s")
_EXPORT_INTERVAL: Final = Duration.parse("15s")


class Protocol(IntEnum):
    """How requests travel."""

    GRPC = 0
    """gRPC; receivers mostly listen on port 4317."""
    HTTP = 1
    """Protobuf in POST requests; receivers mostly listen on port 4318."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tls:
    """Files for `https://` endpoints, read when the handler is built."""

    ca: str = ""
    """PEM file with the authorities that may vouch for the receiver; without one, the usual.
    With one, HTTP uses no proxy of the environment."""
    client_certificate: str = ""
    """PEM file with the certificate that is shown to the receiver; needs `client_key`."""
    client_key: str = ""
    """PEM file with the key of `client_certificate`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricInfo:
    """One metric, and the instance that it is fed from. Dimensions become attributes."""

    instance_name: str = ""
    """Full name of the instance, such as `requestcount.instance.istio-system`."""
    name: str = ""
    """The metric's name; without one, the instance's is used."""
    description: str = ""
    """What the metric means, for people."""
    unit: str = ""
    """The unit of values, such as `s` or `By`. Durations are sent in seconds."""
    kind: Kind = Kind.UNSPECIFIED
    """COUNTER is a sum that only grows, GAUGE the last value, DISTRIBUTION a histogram."""
    buckets: BucketsDefinition | None = None
    """The upper bounds of a DISTRIBUTION, as for adapter `prometheus`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """One otlp handler."""

    endpoint: str = "http://localhost:4317"
    """URL of the receiver; `https` for TLS. For HTTP, `/v1/metrics` and the like are added."""
    protocol: Protocol = Protocol.GRPC
    """GRPC, or HTTP for protobuf in POST requests."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Sent with each request, such as `authorization: Bearer …`. In lower case."""
    tls: Tls | None = None
    """Only for an endpoint that begins with `https`."""
    timeout: Duration = _TIMEOUT
    """How long a request to the receiver, with its repetitions by the exporter, may take."""
    resource: Mapping[str, str] = field(default_factory=dict)
    """Attributes of the resource: who sends this. Without `service.name` it is `mixer`; the
    resource of a span has the name of its own service."""
    metrics: tuple[MetricInfo, ...] = ()
    """One for each metric instance that rules send."""
    export_interval: Duration = _EXPORT_INTERVAL
    """The time between two exports of metrics."""
    max_series: int = 10_000
    """Bound on the series of each metric. Samples that would need one more are dropped, and counted
    in `mixer_adapter_dropped_samples_total`."""
    expiry: Duration = _NONE
    """A series that had no sample for longer is forgotten; 0 keeps all. It starts anew if it comes
    back."""
    batch_size: int = 512
    """How many log records or spans a request carries at most."""
    batch_interval: Duration = _SECOND
    """How long log records and spans wait for others to fill their batch."""
    queue_size: int = 8192
    """How many log records, and how many spans, may wait; others are dropped and counted in
    `mixer_adapter_otlp_dropped_total`."""
    sample_probability: float = 1.0
    """The share of traces that is sent, from 0 to 1. The id of a trace decides, so that all Mixers
    send the same ones."""
