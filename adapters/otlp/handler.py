"""Instances go into outboxes, and from there to the receiver."""

import time
from collections.abc import Callable, Sequence
from typing import Any, Final

from opentelemetry.sdk._logs import ReadableLogRecord
from opentelemetry.sdk.metrics.export import (
    MetricExportResult,
    MetricsData,
    ResourceMetrics,
    ScopeMetrics,
)
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from prometheus_client import Counter

from adapters.otlp.exporters import Exporters, exporters_of
from adapters.otlp.logs import record_of
from adapters.otlp.metrics import Metrics, sources_of
from adapters.otlp.params import Params
from adapters.otlp.spans import Spans
from adapters.outbox import Bounds, Outbox
from adapters.sample import refused
from mixer.adapter import Env
from mixer.template import logentry, metric, tracespan

_DROPPED: Final = Counter(
    "mixer_adapter_otlp_dropped",
    "Log records (logs) and spans (traces) that were not delivered.",
    ["handler", "signal"],
)
_FAILED: Final = Counter(
    "mixer_adapter_otlp_failed_exports",
    "Requests to the receiver that failed, each with the repetitions of the exporter.",
    ["handler", "signal"],
)
_INVALID: Final = Counter(
    "mixer_adapter_otlp_invalid_spans",
    "Spans without a usable id; requests that are not traced have none.",
    ["handler"],
)
_SCOPE: Final = InstrumentationScope("mixer")
_CLOSE_S: Final = 5.0
"""How long what waits may take to be sent when the handler is closed."""


class OtlpHandler:
    """Sends metrics, logs and traces; calls never wait for the receiver."""

    def __init__(self, params: Params, env: Env, exporters: Exporters) -> None:
        self._clock = env.clock
        self._handler = env.handler
        self._exporters = exporters
        self._resource = Resource.create({SERVICE_NAME: "mixer", **params.resource})
        self._metrics = Metrics(sources_of(params, env), env.clock)
        self._spans = Spans(self._resource, _SCOPE, params.sample_probability)
        self._invalid = _INVALID.labels(env.handler)
        bounds = Bounds(
            max_waiting=params.queue_size,
            max_batch=params.batch_size,
            interval_s=params.batch_interval.seconds,
        )
        self._logs_out: Outbox[ReadableLogRecord] = self._outbox(
            "logs", exporters.logs.export, bounds
        )
        self._spans_out: Outbox[ReadableSpan] = self._outbox(
            "traces", exporters.traces.export, bounds
        )
        # Only the wish to export waits: what is exported is what there is when its turn comes.
        once = Bounds(
            max_waiting=2, max_batch=1, interval_s=params.export_interval.seconds, max_attempts=1
        )
        self._metrics_out: Outbox[None] = self._outbox("metrics", self._export_metrics, once)

    def handle_metric(self, instances: Sequence[metric.Instance]) -> None:
        """Records the samples.

        Raises ValueError that names the samples whose value the metric cannot take, after all
        others have been recorded.
        """
        failures: list[str] = []
        for instance in instances:
            try:
                self._metrics.record(instance)
            except ValueError as error:
                failures.append(f"{instance.name}: {error}")
        if failures:
            raise refused(failures, len(instances))

    def handle_logentry(self, instances: Sequence[logentry.Instance]) -> None:
        """Has the entries sent."""
        now_ns = self._clock.now_ns()
        self._logs_out.put([record_of(one, self._resource, _SCOPE, now_ns) for one in instances])

    def handle_tracespan(self, instances: Sequence[tracespan.Instance]) -> None:
        """Has the spans sent, but for those of traces that are not sampled or have no id."""
        now_ns = self._clock.now_ns()
        spans = []
        for instance in instances:
            try:
                span = self._spans.span_of(instance, now_ns)
            except ValueError:
                self._invalid.inc()
            else:
                if span is not None:
                    spans.append(span)
        self._spans_out.put(spans)

    def tick(self) -> None:
        """Forgets old series and has the others sent, unless that is about to happen anyway."""
        self._metrics.expire()
        self._metrics_out.put([None])

    def close(self) -> None:
        """Sends what waits, for 5 seconds at most; drops and counts what is left."""
        end_s = time.monotonic() + _CLOSE_S
        self._metrics_out.put([None])
        outboxes = (self._logs_out, self._spans_out, self._metrics_out)
        for outbox in outboxes:
            outbox.stop()
        for outbox in outboxes:
            outbox.join(end_s - time.monotonic())
        for exporter in (self._exporters.logs, self._exporters.traces, self._exporters.metrics):
            exporter.shutdown()

    def _outbox(self, signal: str, export: Callable[[Any], Any], bounds: Bounds) -> Outbox[Any]:
        failed = _FAILED.labels(self._handler, signal)
        dropped = _DROPPED.labels(self._handler, signal).inc if signal != "metrics" else _ignore

        def send(batch: list[Any]) -> None:
            if export(batch).name != "SUCCESS":
                failed.inc()
                raise OSError(f"the receiver did not take {signal}")

        return Outbox(f"{self._handler}-{signal}", send, bounds, dropped)

    def _export_metrics(self, _wishes: list[None]) -> MetricExportResult:
        metrics = self._metrics.collect()
        if not metrics:
            return MetricExportResult.SUCCESS
        scope = ScopeMetrics(scope=_SCOPE, metrics=metrics, schema_url="")
        resource = ResourceMetrics(
            resource=self._resource, scope_metrics=[scope], schema_url=self._resource.schema_url
        )
        return self._exporters.metrics.export(MetricsData(resource_metrics=[resource]))


def _ignore(_count: int) -> None:
    """The sums stay, and go with the next export."""


def build(params: Params, env: Env) -> OtlpHandler:
    """Makes a handler, without the receiver; raises OSError for a file that can't be read."""
    handler = OtlpHandler(params, env, exporters_of(params))
    env.scheduler.every(params.export_interval.seconds, handler.tick)
    return handler
