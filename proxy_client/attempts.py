"""One Check call with its retries.

Any failure is tried again, after a wait from `base` to `base · 2ⁿ`, with the same request, so that
the server can tell that it is the same one (proxy 1.4 `src/istio/mixerclient/client_impl.cc`). The
original drew the waits of all processes from one sequence; here each client has its own.

A request whose form the server refuses may be made anew, once, and is then sent at once. Once the
transport is closed, nothing is tried again.
"""

import threading
from collections.abc import Callable
from random import Random
from typing import Final, NamedTuple

from mixer.status import Code
from protos.mixer.v1.mixer_pb2 import CheckRequest
from proxy_client.options import ClientOptions, RetryOptions
from proxy_client.statistics import Statistics
from proxy_client.timers import Scheduler
from proxy_client.transport import (
    Cancel,
    CheckOutcome,
    ClosedError,
    DeadlineError,
    ProxyClientError,
    RefusedError,
    Transport,
    UnreachableError,
)

Remake = Callable[[ProxyClientError, CheckRequest], CheckRequest | None]
"""Another form for a request that failed so; None if that would change nothing."""

_MAX_DOUBLINGS: Final = 32


class Means(NamedTuple):
    """What calls are made with."""

    transport: Transport
    options: ClientOptions
    statistics: Statistics
    timers: Scheduler
    random: Random


def wait_s(retry: int, options: RetryOptions, random: Random) -> float:
    """How long to wait before a retry, the first being 0, in seconds."""
    longest_s = options.base_wait_s * 2 ** min(retry, _MAX_DOUBLINGS)
    return random.uniform(options.base_wait_s, min(options.max_wait_s, longest_s))


class Attempts:
    """A call that is made until it succeeds, or has been made often enough."""

    def __init__(
        self,
        means: Means,
        request: CheckRequest,
        remake: Remake,
        on_done: Callable[[CheckOutcome], None],
    ) -> None:
        self._means = means
        self._request = request
        self._remake: Remake | None = remake
        self._on_done = on_done
        self._retry_count = 0
        self._sent_count = 0
        self._lock = threading.RLock()  # a transport may call back before it returns
        self._is_over = False
        self._end_wait: Cancel | None = None
        self._end_call: Cancel | None = None

    def start(self) -> None:
        """Makes the first attempt."""
        self._means.statistics.total_remote_calls += 1
        self._send()

    def cancel(self) -> None:
        """Ends what is under way; nobody is told any more."""
        with self._lock:
            if self._is_over:
                return
            self._is_over = True
            end_wait, end_call = self._end_wait, self._end_call
        if end_wait is not None:
            end_wait()
        elif end_call is not None:
            self._means.statistics.total_remote_call_cancellations += 1
            end_call()

    def _send(self) -> None:
        with self._lock:
            if self._is_over:
                return
            self._end_wait = self._end_call = None
            self._sent_count = sent_count = self._sent_count + 1
            end_call = self._call()
            if self._sent_count == sent_count:  # else this attempt has failed already
                self._end_call = end_call

    def _call(self) -> Cancel | None:
        means = self._means
        try:
            return means.transport.check(self._request, means.options.timeout_s, self._take)
        except ClosedError as error:
            self._take(error)
            return None
        except Exception as error:  # there may be no caller to raise it to, only one who waits
            self._take(RefusedError(Code.INTERNAL, f"cannot be sent: {error!r}"))
            return None

    def _take(self, outcome: CheckOutcome) -> None:
        with self._lock:
            if self._is_over:
                return
            count_outcome(self._means.statistics, outcome)
            if isinstance(outcome, ProxyClientError) and self._is_retried(outcome):
                return
            self._is_over = True
        self._on_done(outcome)

    def _is_retried(self, error: ProxyClientError) -> bool:
        retries, statistics = self._means.options.retries, self._means.statistics
        if self._remake is not None and (remade := self._remake(error, self._request)):
            self._request, self._remake = remade, None
            statistics.total_remote_call_retries += 1
            self._send()
            return True
        if self._retry_count == retries.max_count or isinstance(error, ClosedError):
            return False
        statistics.total_remote_call_retries += 1
        seconds = wait_s(self._retry_count, retries, self._means.random)
        self._retry_count += 1
        self._end_wait = self._means.timers.start(seconds, self._send)
        return True


def count_outcome(statistics: Statistics, outcome: CheckOutcome) -> None:
    """Counts what became of one attempt."""
    if isinstance(outcome, DeadlineError):
        statistics.total_remote_call_timeouts += 1
    elif isinstance(outcome, UnreachableError):
        statistics.total_remote_call_send_errors += 1
    elif isinstance(outcome, ProxyClientError):
        statistics.total_remote_call_other_errors += 1
    else:
        statistics.total_remote_call_successes += 1
