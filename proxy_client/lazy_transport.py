"""A transport that is made when it is needed."""

import threading
from collections.abc import Callable

from mixer.status import Code
from protos.mixer.v1.mixer_pb2 import CheckRequest, ReportRequest, ReportResponse
from proxy_client.transport import Cancel, CheckOutcome, ClosedError, Transport


class LazyTransport:
    """A transport that another one stands behind, from the first call on; for many threads."""

    def __init__(self, connect: Callable[[], Transport]) -> None:
        """`connect` makes the other one; it is called once, unless it raises."""
        self._connect = connect
        self._lock = threading.Lock()
        self._transport: Transport | None = None
        self._is_closed = False

    def check(
        self, request: CheckRequest, timeout_s: float, on_done: Callable[[CheckOutcome], None]
    ) -> Cancel:
        """See `Transport`; raises what `connect` raises, and ClosedError."""
        return (self._transport or self._made()).check(request, timeout_s, on_done)

    def report(self, request: ReportRequest, timeout_s: float) -> ReportResponse:
        """See `Transport`; raises what `connect` raises, too."""
        return (self._transport or self._made()).report(request, timeout_s)

    def close(self) -> None:
        """See `Transport`; if there is no other one yet, there never will be."""
        with self._lock:
            self._is_closed = True
            transport = self._transport
        if transport is not None:
            transport.close()

    def _made(self) -> Transport:
        with self._lock:
            if self._transport is None:
                if self._is_closed:
                    raise ClosedError(Code.UNAVAILABLE, "the client is closed")
                self._transport = self._connect()
            return self._transport
