"""The front door for envoy.service.accesslog.v3: Envoy's access logs become Reports.

Envoy opens a stream per worker thread and access logger, sends entries in batches (each second, or
16 KiB; `buffer_flush_interval`, `buffer_size_bytes`), and expects no answer.

A batch becomes one Report. One that can't be read, that load shedding refuses or that an adapter
fails on is lost and counted, and the stream goes on: Envoy sends nothing twice, and whatever else
is on its way would be lost with the stream.

A batch is not read before the one before it has been reported. When adapters are slower than Envoy,
gRPC's flow control stops it, once the buffers on the way are full. It then keeps one batch and
drops other entries, which its statistics say: `access_logs.grpc_access_log.logs_dropped`. What it
could hand on is in `.logs_written`.

What Envoy 1.40 loses without a word: the last batch when it ends, and, while no Mixer is there,
every batch (these count as written).
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from envoy.service.accesslog.v3.als_pb2 import StreamAccessLogsMessage, StreamAccessLogsResponse
from google.protobuf.message import DecodeError

from mixer import monitoring
from mixer.adapter import Clock
from mixer.api.access_log_v3.attributes import HTTP_ROWS, TCP_ROWS
from mixer.api.access_log_v3.entry import NOBODY, HttpEntry, Origin, TcpEntry, is_end_of_request
from mixer.api.access_log_v3.losses import FAILED, INTERMEDIATE, OVERLOADED, REPORTED, Losses
from mixer.api.access_log_v3.reported_bytes import ReportedBytes
from mixer.api.mapping import MappedBag, readers
from mixer.api.service import Service, Stream
from mixer.api.throttle import Admit
from mixer.attribute.value import Timestamp
from mixer.dispatch.dispatcher import Dispatcher
from mixer.errors import DispatchError, OverloadedError

_HTTP: Final = "http"
_TCP: Final = "tcp"
_HTTP_READERS: Final = readers(*HTTP_ROWS)
_TCP_READERS: Final = readers(*TCP_ROWS)
_SYSTEM_CLOCK: Final = Clock()


def stream(
    requests: Iterator[bytes],
    current: Callable[[], Dispatcher],
    admit: Admit,
    clock: Clock = _SYSTEM_CLOCK,
) -> Iterator[bytes]:
    """Reports the entries of each message; answers once, when the client has ended the stream."""
    conversation = _Conversation(current, admit, clock)
    for data in requests:
        conversation.take(data)
    yield StreamAccessLogsResponse().SerializeToString()


class _Conversation:
    """What is remembered along one stream."""

    def __init__(self, current: Callable[[], Dispatcher], admit: Admit, clock: Clock) -> None:
        self._current = current
        self._admit = admit
        self._clock = clock
        self._origin = NOBODY
        self._bytes = ReportedBytes()
        self._losses = Losses(clock.monotonic)

    def take(self, data: bytes) -> None:
        try:
            message = StreamAccessLogsMessage.FromString(data)
        except DecodeError as error:
            self._losses.message(error)
            return
        if message.HasField("identifier"):
            self._origin = Origin.of(message.identifier)
        if message.HasField("http_logs"):
            self._take_http(message.http_logs.log_entry)
        else:
            self._report(_TCP, message.tcp_logs.log_entry, self._tcp_bag)

    def _take_http(self, entries: Sequence[Any]) -> None:
        ends = [entry for entry in entries if is_end_of_request(entry.common_properties)]
        passed_over = len(entries) - len(ends)
        if passed_over:
            monitoring.ACCESS_LOG_ENTRIES.labels(_HTTP, INTERMEDIATE).inc(passed_over)
        self._report(_HTTP, ends, self._http_bag)

    def _report(
        self,
        kind: str,
        entries: Sequence[Any],
        bag_of: Callable[[Any, Timestamp], MappedBag],
    ) -> None:
        count = len(entries)
        if not count:
            return
        now = Timestamp(self._clock.now_ns())
        try:
            self._admit(count)
            self._current().report(bag_of(entry, now) for entry in entries)
        except OverloadedError as error:
            self._losses.entries(kind, OVERLOADED, count, error)
        except DispatchError as error:
            # Some of the batch may have been delivered, but nobody can tell which.
            self._losses.entries(kind, FAILED, count, error)
        else:
            monitoring.ACCESS_LOG_ENTRIES.labels(kind, REPORTED).inc(count)

    def _http_bag(self, entry: Any, now: Timestamp) -> MappedBag:
        return MappedBag(HttpEntry.of(entry, self._origin, now), _HTTP_READERS)

    def _tcp_bag(self, entry: Any, now: Timestamp) -> MappedBag:
        moved = self._bytes.since_last(entry)
        return MappedBag(TcpEntry.of(entry, self._origin, now, moved), _TCP_READERS)


SERVICE: Final = Service(
    name="envoy.service.accesslog.v3.AccessLogService",
    methods=(Stream(name="StreamAccessLogs", converse=stream),),
)
