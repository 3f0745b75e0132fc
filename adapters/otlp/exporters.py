"""The SDK's exporters: one for each signal, as params say."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import grpc
import requests
from opentelemetry.exporter.otlp.proto.grpc import _log_exporter as grpc_logs
from opentelemetry.exporter.otlp.proto.grpc import metric_exporter as grpc_metrics
from opentelemetry.exporter.otlp.proto.grpc import trace_exporter as grpc_traces
from opentelemetry.exporter.otlp.proto.http import _log_exporter as http_logs
from opentelemetry.exporter.otlp.proto.http import metric_exporter as http_metrics
from opentelemetry.exporter.otlp.proto.http import trace_exporter as http_traces
from opentelemetry.sdk._logs.export import LogRecordExporter
from opentelemetry.sdk.metrics.export import MetricExporter
from opentelemetry.sdk.trace.export import SpanExporter

from adapters.otlp.params import Params, Protocol, Tls

_MOST_POINTS: Final = 5000
"""Of metrics, in one request: receivers take 4 MiB at most unless told otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exporters:
    """What sends each signal. None of them connects before it has something to send."""

    metrics: MetricExporter
    logs: LogRecordExporter
    traces: SpanExporter


def exporters_of(params: Params) -> Exporters:
    """The exporters of one handler; raises OSError for a file of TLS that can't be read."""
    make = _grpc if params.protocol is Protocol.GRPC else _http
    return make(params, params.tls or Tls())


def _grpc(params: Params, tls: Tls) -> Exporters:
    is_insecure = params.endpoint.startswith("http:")
    options: dict[str, Any] = {
        "endpoint": params.endpoint,
        "insecure": is_insecure,
        "credentials": None if is_insecure else _credentials(tls),
        "headers": dict(params.headers),
        "timeout": params.timeout.seconds,
    }
    return Exporters(
        metrics=grpc_metrics.OTLPMetricExporter(max_export_batch_size=_MOST_POINTS, **options),
        logs=grpc_logs.OTLPLogExporter(**options),
        traces=grpc_traces.OTLPSpanExporter(**options),
    )


def _credentials(tls: Tls) -> grpc.ChannelCredentials:
    def content(path: str) -> bytes | None:
        return Path(path).read_bytes() if path else None

    return grpc.ssl_channel_credentials(
        root_certificates=content(tls.ca),
        private_key=content(tls.client_key),
        certificate_chain=content(tls.client_certificate),
    )


def _http(params: Params, tls: Tls) -> Exporters:
    for path in filter(None, (tls.ca, tls.client_certificate, tls.client_key)):
        Path(path).read_bytes()  # the exporter would only say so when it sends
    base = params.endpoint.rstrip("/")

    def made(exporter: Callable[..., Any], signal: str, **more: int) -> Any:
        return exporter(
            endpoint=f"{base}/v1/{signal}",
            headers=dict(params.headers),
            timeout=params.timeout.seconds,
            certificate_file=tls.ca or None,
            client_key_file=tls.client_key or None,
            client_certificate_file=tls.client_certificate or None,
            session=_session(tls),
            **more,
        )

    return Exporters(
        metrics=made(
            http_metrics.OTLPMetricExporter, "metrics", max_export_batch_size=_MOST_POINTS
        ),
        logs=made(http_logs.OTLPLogExporter, "logs"),
        traces=made(http_traces.OTLPSpanExporter, "traces"),
    )


def _session(tls: Tls) -> requests.Session:
    """A session for one exporter. With a `ca` it does not look at the environment.

    There, `REQUESTS_CA_BUNDLE` would win over what is configured here; proxies are lost, too.
    """
    session = requests.Session()
    session.trust_env = not tls.ca
    return session
