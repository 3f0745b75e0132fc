"""Records: what is kept of an instance, the same in both formats.

Entries of maps stay together under the name of the map, so that they never collide with fields.
"""

from collections.abc import Mapping
from typing import Any, Final

from adapters.stdio.line import entry_types
from mixer.adapter import InstanceType, Timestamp, ValueType
from mixer.template import logentry, metric, tracespan

Types = Mapping[str, ValueType | Mapping[str, ValueType]]
"""The fields of a record in order; a mapping for a field that holds a mapping."""

Record = Mapping[str, Any]
"""The values of these fields."""

_HEAD: Final = {"time": ValueType.TIMESTAMP, "instance": ValueType.STRING}
_SPAN: Final = {
    "trace_id": ValueType.STRING,
    "span_id": ValueType.STRING,
    "parent_span_id": ValueType.STRING,
    "span_name": ValueType.STRING,
    "start_time": ValueType.TIMESTAMP,
    "end_time": ValueType.TIMESTAMP,
    "http_status_code": ValueType.INT64,
    "client_span": ValueType.BOOL,
    "source_name": ValueType.STRING,
    "source_ip": ValueType.IP_ADDRESS,
    "destination_name": ValueType.STRING,
    "destination_ip": ValueType.IP_ADDRESS,
    "request_size": ValueType.INT64,
    "request_total_size": ValueType.INT64,
    "response_size": ValueType.INT64,
    "response_total_size": ValueType.INT64,
    "api_protocol": ValueType.STRING,
}


def record_types(instance: InstanceType) -> Types:
    """The fields of the records of an instance."""
    if instance.template == "logentry":
        variables = _sorted_types(instance, "variables")
        return {**_HEAD, "severity": ValueType.STRING, "variables": variables}
    if instance.template == "metric":
        value = instance.fields.get("value", ValueType.VALUE_TYPE_UNSPECIFIED)
        return {**_HEAD, "value": value, "dimensions": _sorted_types(instance, "dimensions")}
    return {**_HEAD, **_SPAN, "span_tags": _sorted_types(instance, "span_tags")}


def _sorted_types(instance: InstanceType, field: str) -> Mapping[str, ValueType]:
    return dict(sorted(entry_types(instance, field).items()))


def logentry_record(instance: logentry.Instance) -> Record:
    """What is kept of a log entry; its time is its own."""
    return {
        "time": instance.timestamp,
        "instance": instance.name,
        "severity": instance.severity,
        "variables": instance.variables,
    }


def metric_record(instance: metric.Instance, now: Timestamp) -> Record:
    """What is kept of a sample."""
    return {
        "time": now,
        "instance": instance.name,
        "value": instance.value,
        "dimensions": instance.dimensions,
    }


def tracespan_record(instance: tracespan.Instance, now: Timestamp) -> Record:
    """What is kept of a span."""
    return {"time": now, "instance": instance.name, **instance._asdict()}
