"""A batch of reports → one call, and what becomes of it in numbers.

To compress a hundred reports takes some milliseconds, in which CPython lets no other thread run, so
each request of that time would be late. So the compressing thread steps back every few reports,
unless it is behind: beside a busy thread each such step can cost it another 5 ms.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from mixer.attribute.compressed_encode import encode
from protos.mixer.v1.mixer_pb2 import ReportRequest
from proxy_client.compression import Compressor
from proxy_client.report.queue import Bag, Batch
from proxy_client.statistics import Statistics
from proxy_client.transport import DeadlineError, ProxyClientError, UnreachableError

Send = Callable[[ReportRequest], object]
"""Carries a Report to a server; raises ProxyClientError."""

_BAGS_AT_ONCE: Final = 4
_PAUSE_S: Final = 50e-6


def _step_back() -> None:
    time.sleep(_PAUSE_S)


class ReportSender:
    """Sends batches, one after the other."""

    __slots__ = ("_compressor", "_pause", "_send", "_statistics")

    def __init__(
        self,
        send: Send,
        compressor: Compressor,
        statistics: Statistics,
        pause: Callable[[], object] = _step_back,
    ) -> None:
        """`pause` lets other threads run."""
        self._send = send
        self._compressor = compressor
        self._statistics = statistics
        self._pause = pause

    def send(self, batch: Batch) -> None:
        """Sends these reports in one call.

        Raises nothing: the requests that they are about are answered already. A batch that fails is
        lost, and counted; the server may have worked on it, so it isn't sent again. Only one that
        was refused for its words is, because then the server did nothing.
        """
        bags, request = self._compress(batch)
        if not bags:
            return
        error = self._try(request)
        if isinstance(error, ProxyClientError) and self._compressor.shrink(
            error, request.global_word_count
        ):
            error = self._try(self._compressor.report_request(self._slowly(bags)))
        if error is not None:
            self._lose(len(bags))

    def _compress(self, batch: Batch) -> tuple[Sequence[Bag], ReportRequest]:
        """The request, and which of the bags are in it: a bad one takes no others with it."""
        bags = batch.bags
        try:
            return bags, self._compressor.report_request(
                bags if batch.is_urgent else self._slowly(bags)
            )
        except (TypeError, ValueError):
            valid = [bag for bag in bags if _is_valid(bag)]
            self._lose(len(bags) - len(valid))
            return valid, self._compressor.report_request(valid)

    def _slowly(self, bags: Sequence[Bag]) -> Iterator[Bag]:
        for number, bag in enumerate(bags):
            if number and not number % _BAGS_AT_ONCE:
                self._pause()
            yield bag

    def _try(self, request: ReportRequest) -> Exception | None:
        self._statistics.total_remote_report_calls += 1
        try:
            self._send(request)
        except Exception as error:  # also that of a channel which was closed before
            self._count(error)
            return error
        self._statistics.total_remote_report_successes += 1
        return None

    def _count(self, error: Exception) -> None:
        match error:
            case DeadlineError():
                self._statistics.total_remote_report_timeouts += 1
            case UnreachableError():
                self._statistics.total_remote_report_send_errors += 1
            case _:
                self._statistics.total_remote_report_other_errors += 1

    def _lose(self, count: int) -> None:
        self._statistics.total_report_bags_lost += count


def _is_valid(bag: Bag) -> bool:
    try:
        encode(bag)
    except (TypeError, ValueError):
        return False
    return True
