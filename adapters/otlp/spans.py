"""Trace spans as OpenTelemetry's spans.

The SDK's tracer is for code that starts spans, and makes their ids. Here a proxy has done both; so
spans are made as the tracer's processors hand them to exporters: as `ReadableSpan`.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.sampling import TraceIdRatioBased
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode, TraceFlags

from adapters.otlp.values import Attribute, attributes_of
from mixer.adapter import stringify
from mixer.template.tracespan import Instance

_CLIENT_MASK: Final = 0x3F6A2EC3C810C2AB
"""Tells the client's id from the server's where both share one; as in the original."""
_TRACE_ID: Final = re.compile(r"[0-9a-fA-F]{16}([0-9a-fA-F]{16})?")
_SPAN_ID: Final = re.compile(r"[0-9a-fA-F]{16}")
_LOW_BITS: Final = (1 << 64) - 1
_SAMPLED: Final = TraceFlags(TraceFlags.SAMPLED)
_OK: Final = Status(StatusCode.UNSET)
_MOST_SERVICES: Final = 4096


class Spans:
    """Makes spans of instances, for one handler."""

    def __init__(
        self, resource: Resource, scope: InstrumentationScope, sample_probability: float
    ) -> None:
        self._scope = scope
        self._bound = TraceIdRatioBased.get_bound_for_rate(sample_probability)
        self._resource_of: Callable[[str], Resource] = lru_cache(_MOST_SERVICES)(
            lambda service: resource.merge(Resource({SERVICE_NAME: service}))
        )
        self._default = resource

    def span_of(self, instance: Instance, now_ns: int) -> ReadableSpan | None:
        """The span; None for one of a trace that is not sampled.

        Raises ValueError where the ids of trace, span or parent are none.
        """
        trace_id = _id("trace id", instance.trace_id, _TRACE_ID)
        span_id, parent_id = _span_ids(instance)
        if trace_id & _LOW_BITS >= self._bound:
            return None
        start_ns = instance.start_time if instance.start_time > 0 else now_ns
        service = instance.source_name if instance.client_span else instance.destination_name
        return ReadableSpan(
            name=instance.span_name,
            context=SpanContext(trace_id, span_id, is_remote=False, trace_flags=_SAMPLED),
            parent=SpanContext(trace_id, parent_id, is_remote=True) if parent_id else None,
            resource=self._resource_of(service) if service else self._default,
            attributes=_attributes(instance),
            kind=SpanKind.CLIENT if instance.client_span else SpanKind.SERVER,
            status=_status(instance),
            start_time=start_ns,
            end_time=max(start_ns, instance.end_time),
            instrumentation_scope=self._scope,
        )


def _id(what: str, text: str, form: re.Pattern[str]) -> int:
    number = int(text, 16) if form.fullmatch(text) else 0
    if not number:
        raise ValueError(f"no {what}: {text!r:.60}")
    return number


def _span_ids(instance: Instance) -> tuple[int, int]:
    """The ids of the span and of its parent; 0 for no parent."""
    span_id = _id("span id", instance.span_id, _SPAN_ID)
    parent = instance.parent_span_id
    parent_id = _id("id of a parent", parent, _SPAN_ID) if parent else 0
    if instance.rewrite_client_span_id:
        if instance.client_span:
            span_id ^= _CLIENT_MASK
        elif parent_id:
            parent_id ^= _CLIENT_MASK
    return span_id, parent_id


def _status(instance: Instance) -> Status:
    """By OpenTelemetry's conventions for HTTP: a server is not to blame for 4xx."""
    lowest = 400 if instance.client_span else 500
    return Status(StatusCode.ERROR) if instance.http_status_code >= lowest else _OK


def _attributes(instance: Instance) -> dict[str, Attribute]:
    attributes = attributes_of(instance.span_tags)
    known: dict[str, Attribute] = {
        "http.response.status_code": instance.http_status_code,
        "http.request.body.size": instance.request_size,
        "http.request.size": instance.request_total_size,
        "http.response.body.size": instance.response_size,
        "http.response.size": instance.response_total_size,
        "network.protocol.name": instance.api_protocol,
        "client.address": stringify(instance.source_ip) if instance.source_ip else "",
        "server.address": stringify(instance.destination_ip) if instance.destination_ip else "",
    }
    attributes.update({name: value for name, value in known.items() if value})
    return attributes
