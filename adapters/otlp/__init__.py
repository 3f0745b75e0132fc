"""Adapter `otlp`: metrics, logs and traces for whatever takes OpenTelemetry's protocol.

The data model, the encoding and the exporters are those of OpenTelemetry's SDK; what happens before
them is not, since the SDK can neither forget a series nor say exactly what it has dropped. Calls
put what they have into an `Outbox` for each signal, whose thread calls the exporter.

=============  ==================================================================================
`params`       what a configuration says
`validation`   what is wrong with params and instances (pure)
`values`       values → attributes (pure)
`metrics`      metric instances → series → the SDK's `MetricsData`
`logs`         logentry instances → the SDK's log records (pure)
`spans`        tracespan instances → the SDK's spans (pure)
`exporters`    the SDK's exporters, for gRPC or HTTP
`handler`      instances → outboxes → exporters
=============  ==================================================================================

Mixer had no such adapter. Kinds, buckets and values of metrics are those of adapter `prometheus`,
ids and tags of spans those of istio 1.4 `mixer/pkg/adapter/opencensus`.
"""

from typing import Final

from adapters.otlp.params import Params
from adapters.otlp.validation import validate
from mixer.adapter import Info, needs_extra
from mixer.template import logentry, metric, tracespan

with needs_extra("otlp"):
    from adapters.otlp.handler import build

INFO: Final = Info(
    name="otlp",
    description="Sends metrics, logs and traces by OpenTelemetry's protocol.",
    templates=(metric.TEMPLATE, logentry.TEMPLATE, tracespan.TEMPLATE),
    params=Params,
    build=build,
    validate=validate,
)
