"""Log entries as OpenTelemetry's log records."""

from typing import Final

from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.context import Context
from opentelemetry.sdk._logs import ReadableLogRecord
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.util.instrumentation import InstrumentationScope

from adapters.otlp.values import attributes_of
from mixer.template.logentry import Instance

BODY: Final = "message"
"""The variable that becomes the body, and is no attribute then."""

_NUMBERS: Final = {
    "TRACE": SeverityNumber.TRACE,
    "DEBUG": SeverityNumber.DEBUG,
    "DEFAULT": SeverityNumber.INFO,
    "INFO": SeverityNumber.INFO,
    "INFORMATIONAL": SeverityNumber.INFO,
    "NOTICE": SeverityNumber.INFO2,
    "WARN": SeverityNumber.WARN,
    "WARNING": SeverityNumber.WARN,
    "ERR": SeverityNumber.ERROR,
    "ERROR": SeverityNumber.ERROR,
    "CRITICAL": SeverityNumber.ERROR2,
    "ALERT": SeverityNumber.ERROR3,
    "EMERGENCY": SeverityNumber.FATAL,
    "FATAL": SeverityNumber.FATAL,
}
_NO_CONTEXT: Final = Context({"mixer": "request"})  # an empty one would make the SDK look for one


def record_of(
    instance: Instance, resource: Resource, scope: InstrumentationScope, now_ns: int
) -> ReadableLogRecord:
    """The record of one entry, with the instance's name as the name of the event."""
    attributes = attributes_of(instance.variables)
    record = LogRecord(
        timestamp=max(0, instance.timestamp),
        observed_timestamp=now_ns,
        context=_NO_CONTEXT,
        severity_text=instance.severity,
        severity_number=_NUMBERS.get(instance.severity.upper(), SeverityNumber.UNSPECIFIED),
        body=attributes.pop(BODY, None),
        attributes=attributes,
        event_name=instance.name,
    )
    return ReadableLogRecord(log_record=record, resource=resource, instrumentation_scope=scope)
