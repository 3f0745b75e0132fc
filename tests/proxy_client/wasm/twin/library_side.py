"""The side that is right: the Python library, with its time and its Mixer in the test's hand.

Two parts of the library have threads: timers and reports. Here a queue of what is due takes the
place of the first, and the queue and the sender of reports are driven without their thread.
"""

from concurrent.futures import Future

from mixer.attribute.value import Timestamp
from protos.mixer.v1.mixer_pb2 import CheckResponse
from proxy_client.bag import copied
from proxy_client.client import Environment, MixerClient
from proxy_client.http.enforcement import answer_to, changed, pseudo_headers
from proxy_client.quota.spec import charges
from proxy_client.report.queue import BatchLimits, ReportQueue
from proxy_client.report.sender import ReportSender
from proxy_client.verdict import Verdict
from tests.proxy_client.wasm.twin.library_world import Due, WaitingMixer, error_of
from tests.proxy_client.wasm.twin.requests import (
    FORWARDED,
    HELD,
    Failure,
    Outcome,
    Request,
    Response,
    in_order,
)
from tests.proxy_client.wasm.twin.settings import Settings
from tests.proxy_client.wasm.twin.side import ReportFailure, SentCheck, SentReport
from tests.proxy_client.wasm.twin.table_a import (
    Bag,
    check_bag,
    derived_bag,
    forward_header,
    forwarded_bag,
    static_bag,
)
from tests.proxy_client.wasm.twin.table_b import report_bag
from tests.wasm_host.clock import NS_PER_S, Clock


class _Exchange:
    """One request and what is known of it."""

    def __init__(self, request: Request, now: Timestamp) -> None:
        self.request = request
        self.final = request
        """As it is in the end."""
        self.came = now
        self.verdict: Verdict | None = None
        self.asked: Future[Verdict] | None = None
        self.outcome = HELD


class LibrarySide:
    """A proxy made of the library and the two tables."""

    def __init__(self, settings: Settings, report_failure: ReportFailure) -> None:
        options = settings.options()
        self._settings = settings
        self._specs = settings.quota_specs()
        self._clock = Clock()
        self._due = Due(self._clock)
        self._mixer = WaitingMixer(report_failure)
        self._client = MixerClient(
            lambda: self._mixer,
            options,
            Environment(monotonic=self._now_s, make_timers=lambda: self._due),
        )
        self._queue = ReportQueue(
            BatchLimits(max_entries=options.report_batch_entries, max_time_s=options.report_batch_s)
        )
        self._sender = ReportSender(
            self._mixer.report, self._client._compressor, self._client.statistics, lambda: None
        )
        self._exchanges: dict[int, _Exchange] = {}

    def arrive(self, number: int, request: Request) -> None:
        settings = self._settings
        exchange = self._exchanges[number] = _Exchange(request, self._now())
        bag = check_bag(request, settings, exchange.came)
        if not (settings.has_service and settings.is_checked):
            self._decide(exchange, None)
            return
        begun = self._client.begin_check(bag, charges(self._specs, bag))
        if isinstance(begun, Verdict):
            self._decide(exchange, begun)
            return
        exchange.asked = begun
        begun.add_done_callback(
            lambda done: None if done.cancelled() else self._decide(exchange, done.result())
        )

    def give_up(self, number: int) -> None:
        asked = self._exchanges[number].asked
        if asked is not None:
            asked.cancel()
        self.end(number, Response(headers=(), code=0, flags=1 << 14, upstream=""))

    def end(self, number: int, response: Response) -> None:
        exchange = self._exchanges[number]
        if exchange.outcome.state == "passed":
            response = response._replace(headers=self._answered(exchange, response))
        elif exchange.outcome.state == "replied":
            response = self._own_response(exchange, response)
        bag = self._final_bag(exchange)
        bag["request.total_size"] = exchange.request.header_size + response.received_bytes
        self._report(bag, exchange.final, response, exchange.verdict)

    def answered_early(self, request: Request, response: Response) -> None:
        settings = self._settings
        forwarded = forwarded_bag(request, settings)
        bag = forwarded | static_bag(settings) | derived_bag(request, self._now())
        bag["request.total_size"] = response.received_bytes  # headers are not known to have come
        self._report(bag, request, response, None)

    def outcome(self, number: int) -> Outcome:
        return self._exchanges[number].outcome

    def waiting(self) -> int:
        return len(self._mixer.waiting)

    def waiting_checks(self) -> list[SentCheck]:
        """The Checks that wait for an answer."""
        return [sent for sent, _ in self._mixer.waiting]

    def answer(self, place: int, answer: CheckResponse | Failure) -> None:
        _, on_done = self._mixer.waiting.pop(place)
        on_done(error_of(answer) if isinstance(answer, Failure) else answer)

    def advance(self, seconds: float) -> None:
        end_ns = self._clock.monotonic_ns + round(seconds * NS_PER_S)
        while (due_ns := min(self.all_due_ns(), default=end_ns + 1)) <= end_ns:
            self._clock.advance(max(0, due_ns - self._clock.monotonic_ns) / NS_PER_S)
            for key in sorted(key for key in self._due.waiting if key[0] <= due_ns):
                self._due.waiting.pop(key)()
            self._send_due()
        self._clock.advance((end_ns - self._clock.monotonic_ns) / NS_PER_S)

    def shut_down(self) -> None:
        self._queue.flush()
        self._send_due()

    def all_due_ns(self) -> list[int]:
        """When something happens by itself, by the monotonic clock."""
        found = [due_ns for due_ns, _ in self._due.waiting]
        wait_s = self._queue.wait_s(self._now_s())
        if wait_s is not None:
            found.append(self._clock.monotonic_ns + round(wait_s * NS_PER_S))
        return found

    @property
    def now_ns(self) -> int:
        """The monotonic clock."""
        return self._clock.monotonic_ns

    def sent(self) -> list[SentCheck]:
        return self._mixer.checks

    def reports(self) -> list[SentReport]:
        return self._mixer.reports

    def counters(self) -> dict[str, int]:
        return self._client.statistics.snapshot()

    def _now_s(self) -> float:
        return self._clock.monotonic_ns / NS_PER_S

    def _now(self) -> Timestamp:
        return Timestamp(self._clock.now_ns)

    def _decide(self, exchange: _Exchange, verdict: Verdict | None) -> None:
        exchange.verdict = verdict
        answer = None if verdict is None else answer_to(verdict)
        if answer is None:
            lines = self._passed_on(exchange)
            exchange.final = exchange.request._replace(headers=tuple(lines))
            exchange.outcome = Outcome("passed", in_order(lines))
        else:
            headers = in_order(list(answer.headers))
            exchange.outcome = Outcome("replied", headers, answer.code, answer.body.decode())

    def _final_bag(self, exchange: _Exchange) -> Bag:
        """What a Check would say if the request came as it is in the end."""
        derived = derived_bag(exchange.final, exchange.came)
        forwarded = forwarded_bag(exchange.request, self._settings)
        return static_bag(self._settings) | derived | forwarded

    def _passed_on(self, exchange: _Exchange) -> list[tuple[str, str]]:
        """The headers that the upstream gets."""
        headers = [line for line in exchange.request.headers if line[0] != FORWARDED]
        forward = forward_header(self._settings)
        if forward is not None:
            headers.append((FORWARDED, forward))
        directive = None if exchange.verdict is None else exchange.verdict.directive
        if directive is None:
            return headers
        pseudo = pseudo_headers(directive.request_headers)
        known = [(name, pseudo.get(name, value)) for name, value in headers]
        return changed(known, directive.request_headers, lambda name, value: (name, value))

    def _answered(self, exchange: _Exchange, response: Response) -> tuple[tuple[str, str], ...]:
        """The response's headers as the client gets them."""
        directive = None if exchange.verdict is None else exchange.verdict.directive
        if directive is None:
            return response.headers
        lines = changed(response.headers, directive.response_headers, lambda n, v: (n, v))
        return tuple(lines)

    def _own_response(self, exchange: _Exchange, response: Response) -> Response:
        """The response that the proxy has made."""
        outcome = exchange.outcome
        body = len(outcome.body.encode())
        sized = (("content-length", str(body)),) if body else ()
        headers = ((":status", str(outcome.status)), *sized, *outcome.headers)
        return response._replace(
            headers=headers, trailers=(), code=outcome.status, sent_bytes=body, upstream=""
        )

    def _report(
        self, bag: Bag, request: Request, response: Response, verdict: Verdict | None
    ) -> None:
        if not (self._settings.has_service and self._settings.is_reported):
            return
        statistics = self._client.statistics
        statistics.total_report_calls += 1
        self._queue.add(
            copied(report_bag(bag, request, response, verdict, self._now())), self._now_s()
        )
        self._send_due()

    def _send_due(self) -> None:
        while self._queue.wait_s(self._now_s()) == 0:
            self._sender.send(self._queue.take(self._now_s()))
