"""What the library has around it in a twin test: a Mixer, and time to wait in."""

from collections.abc import Callable
from itertools import count
from typing import Final

from mixer.status import Code
from protos.mixer.v1.mixer_pb2 import CheckRequest, ReportRequest, ReportResponse
from proxy_client.transport import (
    CheckOutcome,
    DeadlineError,
    ProxyClientError,
    RefusedError,
    UnreachableError,
)
from tests.proxy_client.wasm.twin.requests import Failure
from tests.proxy_client.wasm.twin.side import (
    ReportFailure,
    SentCheck,
    SentReport,
    decoded_check,
    decoded_report,
)
from tests.wasm_host.clock import NS_PER_S, Clock

_UNREACHABLE: Final = (Code.UNAVAILABLE, Code.CANCELLED)
_TIMED_OUT: Final = "upstream request timeout"


def error_of(failure: Failure) -> ProxyClientError:
    """What the library's transport makes of a failure; Envoy has its own word for a timeout."""
    code = Code(failure.code)
    is_timeout = code is Code.UNAVAILABLE and failure.text.startswith(_TIMED_OUT)
    if code is Code.DEADLINE_EXCEEDED or is_timeout:
        return DeadlineError(Code.DEADLINE_EXCEEDED, failure.text)
    kind = UnreachableError if code in _UNREACHABLE else RefusedError
    return kind(code, failure.text)


class Due:
    """Calls that are to be made later."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._numbers = count()
        self.waiting: dict[tuple[int, int], Callable[[], None]] = {}

    def start(self, seconds: float, call: Callable[[], None]) -> Callable[[], object]:
        due = self._clock.monotonic_ns + round(seconds * NS_PER_S), next(self._numbers)
        self.waiting[due] = call
        return lambda: self.waiting.pop(due, None)

    def close(self) -> None:
        self.waiting.clear()


class WaitingMixer:
    """A transport whose calls wait for the test."""

    def __init__(self, report_failure: ReportFailure) -> None:
        self.checks: list[SentCheck] = []
        self.waiting: list[tuple[SentCheck, Callable[[CheckOutcome], None]]] = []
        self.reports: list[SentReport] = []
        self._report_failure = report_failure

    def check(
        self, request: CheckRequest, _timeout_s: float, on_done: Callable[[CheckOutcome], None]
    ) -> Callable[[], object]:
        sent = decoded_check(request)
        self.checks.append(sent)
        entry = sent, on_done
        self.waiting.append(entry)
        return lambda: self.waiting.remove(entry)

    def report(self, request: ReportRequest, _timeout_s: float = 0) -> ReportResponse:
        failure = self._report_failure(len(self.reports))
        self.reports.append(decoded_report(request))
        if failure is not None:
            raise error_of(failure)
        return ReportResponse()

    def close(self) -> None:
        """Nothing to do."""
