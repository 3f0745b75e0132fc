"""A deadline, a queue with an end and a circuit breaker around the methods of one handler."""

import functools
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Final

from mixer import monitoring
from mixer.errors import AWAY, UnavailableError
from mixer.isolation.breaker import Breaker
from mixer.isolation.call_pool import Call, CallPool
from mixer.isolation.options import IsolationOptions

_SHORT_S: Final = 0.005
"""A request that waits no longer keeps its thread from nobody."""

Lend = Callable[[], AbstractContextManager[None]]
"""Gives the server one more thread, for a request that waits with its own."""


class Isolation:
    """All calls of one handler go through one of these."""

    def __init__(
        self,
        handler: str,
        options: IsolationOptions,
        monotonic: Callable[[], float],
        lend: Lend = nullcontext,
    ) -> None:
        """`handler` is its display name."""
        self._handler = handler
        self._timeout_s = options.timeout.seconds
        self._lend = lend
        self._pool = CallPool(f"mixer-{handler}", options.max_concurrent, options.max_waiting)
        self._is_open = monitoring.BREAKER_OPEN.labels(handler)
        self._is_open.set(0)
        self._breaker = Breaker(
            options.breaker_failures, options.breaker_pause.seconds, monotonic, self._is_open.set
        )

    def around(self, method: Callable[..., Any]) -> Callable[..., Any]:
        """The method, bounded.

        It raises what the method raises, and UnavailableError when the method is not called or
        takes too long.
        """

        def isolated(*arguments: Any) -> Any:
            return self._make(functools.partial(method, *arguments))

        return isolated

    def close(self) -> None:
        """Makes no more calls; one that hangs is left to itself."""
        self._pool.close()

    def _make(self, work: Callable[[], Any]) -> Any:
        if not self._breaker.admits():
            monitoring.CALLS_REFUSED.labels(self._handler, "breaker").inc()
            retry_s = self._breaker.retry_after_s()
            raise UnavailableError(f"failed too often, is asked again in {retry_s:.1f} s")
        try:
            call = self._pool.submit(work)
        except UnavailableError:
            monitoring.CALLS_REFUSED.labels(self._handler, "queue").inc()
            raise
        if not self._wait(call):
            self._pool.withdraw(call)
            self._breaker.fail()
            monitoring.CALLS_TIMED_OUT.labels(self._handler).inc()
            raise UnavailableError(f"no answer within {self._timeout_s:g} s")
        return self._outcome(call)

    def _wait(self, call: Call) -> bool:
        short_s = min(_SHORT_S, self._timeout_s)
        if call.wait(short_s):
            return True
        with self._lend():
            return call.wait(self._timeout_s - short_s)

    def _outcome(self, call: Call) -> Any:
        error = call.error
        if isinstance(error, AWAY):
            self._breaker.fail()
        else:
            # Also who makes no sense of a request is there, and must stay so for other requests.
            self._breaker.succeed()
        if error is not None:
            raise error
        return call.result
