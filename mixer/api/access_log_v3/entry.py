"""Entries of Envoy's access logs: where they come from, and when in a life they were written.

Envoy writes one entry when a request or a connection has ended and, if its configuration asks for
that, further ones before (`access_log_type`; before Envoy 1.26 just `intermediate_log_entry`).

HTTP: only the entry of the end is a Report. A Report means one finished request: each rule that
counts does so once for each. Entries from before that end are counted and passed over, and so are
those of a router's `upstream_log`, which stand for one attempt of a request.

TCP: every entry is a Report, as Mixer has it (`connection.event`: open, continue, close). Rules
count connections by the event; the bytes since the last report add up.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from envoy.data.accesslog.v3.accesslog_pb2 import (
    AccessLogCommon,
    AccessLogType,
    ConnectionProperties,
    HTTPAccessLogEntry,
    HTTPRequestProperties,
    HTTPResponseProperties,
    TCPAccessLogEntry,
)
from envoy.service.accesslog.v3.als_pb2 import StreamAccessLogsMessage

from mixer.api.metadata import flatten_struct
from mixer.attribute.value import Timestamp

OPEN: Final = "open"
CONTINUE: Final = "continue"
CLOSE: Final = "close"

_EVENTS: Final[Mapping[int, str]] = MappingProxyType(
    {
        AccessLogType.TcpUpstreamConnected: OPEN,
        AccessLogType.UdpTunnelUpstreamConnected: OPEN,
        AccessLogType.DownstreamStart: OPEN,
        AccessLogType.DownstreamTunnelSuccessfullyEstablished: OPEN,
        AccessLogType.UpstreamPoolReady: OPEN,
        AccessLogType.TcpPeriodic: CONTINUE,
        AccessLogType.UdpPeriodic: CONTINUE,
        AccessLogType.DownstreamPeriodic: CONTINUE,
        AccessLogType.UpstreamPeriodic: CONTINUE,
        AccessLogType.TcpConnectionEnd: CLOSE,
        AccessLogType.UdpSessionEnd: CLOSE,
        AccessLogType.DownstreamEnd: CLOSE,
        AccessLogType.UpstreamEnd: CLOSE,
    }
)
_END_OF_ATTEMPT: Final = AccessLogType.UpstreamEnd


class Origin(NamedTuple):
    """Who sends a stream. Envoy says it in the first message only."""

    identifier: StreamAccessLogsMessage.Identifier
    node_metadata: Mapping[str, str] | None
    """The metadata of the node as `flatten_struct` has it, or None."""

    @classmethod
    def of(cls, identifier: StreamAccessLogsMessage.Identifier) -> "Origin":
        """A copy: the original would keep the whole first message in memory."""
        kept = StreamAccessLogsMessage.Identifier()
        kept.CopyFrom(identifier)
        # Each Envoy lists some hundred extensions, and nobody asks for them.
        kept.node.ClearField("extensions")
        return cls(kept, flatten_struct(identifier.node.metadata))


NOBODY: Final = Origin(StreamAccessLogsMessage.Identifier(), None)
"""For a stream that has not said who sends it."""


class HttpEntry(NamedTuple):
    """One HTTP entry: its parts, with what else belongs to its attributes."""

    identifier: StreamAccessLogsMessage.Identifier
    node_metadata: Mapping[str, str] | None
    received_at: Timestamp
    common_properties: AccessLogCommon
    request: HTTPRequestProperties
    response: HTTPResponseProperties
    protocol_version: int

    @classmethod
    def of(cls, entry: HTTPAccessLogEntry, origin: Origin, received_at: Timestamp) -> "HttpEntry":
        """Takes the entry to parts, so that each attribute has a short way to its field."""
        return cls(
            *origin,
            received_at,
            entry.common_properties,
            entry.request,
            entry.response,
            entry.protocol_version,
        )


class TcpEntry(NamedTuple):
    """One TCP entry: its parts, with what else belongs to its attributes."""

    identifier: StreamAccessLogsMessage.Identifier
    node_metadata: Mapping[str, str] | None
    received_at: Timestamp
    common_properties: AccessLogCommon
    connection_properties: ConnectionProperties
    received_bytes: int
    """Since the last report of this connection."""
    sent_bytes: int
    """Since the last report of this connection."""

    @classmethod
    def of(
        cls,
        entry: TCPAccessLogEntry,
        origin: Origin,
        received_at: Timestamp,
        moved: tuple[int, int],
    ) -> "TcpEntry":
        """`moved` are the received and the sent bytes since the last report."""
        return cls(
            *origin, received_at, entry.common_properties, entry.connection_properties, *moved
        )


def event_of(common: AccessLogCommon) -> str:
    """Where in its life a request or connection is."""
    event = _EVENTS.get(common.access_log_type)
    if event is None:  # an Envoy that is older than the types, or newer than this table
        return CONTINUE if common.intermediate_log_entry else CLOSE
    return event


def is_end_of_request(common: AccessLogCommon) -> bool:
    """Whether an HTTP entry stands for one whole request."""
    return event_of(common) == CLOSE and common.access_log_type != _END_OF_ATTEMPT
