"""How many bytes each TCP connection has moved since its last report.

Envoy says totals; Mixer's `connection.received.bytes` and `connection.sent.bytes` are what came
since the last report. (Istio's filter counted bytes before the opening report twice; these don't.)
A stream that begins in the middle of a connection, as after a restart of this server, reports all
that the connection has moved so far.
"""

from collections import OrderedDict
from typing import Final

from envoy.data.accesslog.v3.accesslog_pb2 import TCPAccessLogEntry

from mixer.api.access_log_v3.entry import CLOSE, event_of

_MAX_CONNECTIONS: Final = 1 << 16
"""An end that Envoy dropped is never heard of, so what is remembered must have a bound."""
_NOTHING: Final = (0, 0)


class ReportedBytes:
    """The totals that were reported last, by connection. For one stream, so for one thread."""

    def __init__(self, max_count: int = _MAX_CONNECTIONS) -> None:
        """Past `max_count` connections, the one that has been silent longest is forgotten."""
        self._max_count = max_count
        self._totals: OrderedDict[str, tuple[int, int]] = OrderedDict()

    def since_last(self, entry: TCPAccessLogEntry) -> tuple[int, int]:
        """Received and sent bytes since the last entry of the same connection."""
        moved = entry.connection_properties
        received, sent = moved.received_bytes, moved.sent_bytes
        connection = entry.common_properties.stream_id
        before = self._totals.pop(connection, _NOTHING)
        if connection and event_of(entry.common_properties) != CLOSE:
            self._totals[connection] = received, sent
            if len(self._totals) > self._max_count:
                self._totals.popitem(last=False)
        return max(0, received - before[0]), max(0, sent - before[1])
