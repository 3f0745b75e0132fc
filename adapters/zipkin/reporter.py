"""Posts spans in batches, by a thread of its own.

While the server is away, spans wait for its return, as many as there is room for. A post whose
answer is lost is made again, so the server may get a span twice, which Zipkin merges by id.
"""

import json
from collections.abc import Sequence
from typing import Final

import urllib3
from prometheus_client import Counter
from urllib3.exceptions import HTTPError

from adapters.outbox import Bounds, Outbox
from adapters.zipkin.params import Params
from adapters.zipkin.span import Span, span
from mixer.adapter import Env
from mixer.template.tracespan import Instance

_DROPPED: Final = Counter(
    "mixer_adapter_zipkin_dropped",
    "Spans that were dropped: too many waited, the server refused them, or the handler closed.",
    ["handler"],
)
_HEADERS: Final = {"Content-Type": "application/json"}
_OK: Final = range(200, 300)
_TOO_MANY: Final = 429
_SERVER_ERROR: Final = 500
_SHOWN_BYTES: Final = 200


class Reporter:
    """Takes spans from many threads, and posts them."""

    def __init__(self, params: Params, env: Env) -> None:
        """Does not connect yet."""
        self._url = params.url
        self._timeout_s = params.timeout.seconds
        self._logger = env.logger
        self._dropped = _DROPPED.labels(env.handler)
        self._pool = urllib3.PoolManager(
            maxsize=1, retries=False, timeout=urllib3.Timeout(total=self._timeout_s)
        )
        bounds = Bounds(
            max_waiting=params.max_queued_spans,
            max_batch=params.max_batch_spans,
            interval_s=params.flush_interval.seconds,
            retry_pause_s=params.flush_interval.seconds,
            max_attempts=0,
        )
        self._outbox: Outbox[Instance] = Outbox(env.handler, self._post, bounds, self._dropped.inc)

    def add(self, instances: Sequence[Instance]) -> None:
        """Has them posted later; drops and counts those for which there is no room."""
        self._outbox.put(instances)

    def close(self) -> None:
        """Posts what waits, for `timeout` if the server is slow; drops and counts the rest."""
        self._outbox.stop()
        self._outbox.join(self._timeout_s)
        self._pool.clear()

    def _post(self, batch: Sequence[Instance]) -> None:
        """Posts one batch; raises OSError where the server cannot take it now."""
        made = [one for one in map(span, batch) if one is not None]
        if not made:
            return
        status, reason = self._answer(made)
        if status == _TOO_MANY or status >= _SERVER_ERROR:
            raise OSError(f"{self._url} says {reason}")
        if status not in _OK:
            self._logger.warning("%d spans dropped: %s says %s", len(made), self._url, reason)
            self._dropped.inc(len(made))

    def _answer(self, made: Sequence[Span]) -> tuple[int, str]:
        """The status of a post, and it with the start of what is said."""
        body = json.dumps(made, separators=(",", ":")).encode()
        try:
            answer = self._pool.request(
                "POST", self._url, body=body, headers=_HEADERS, redirect=False
            )
        except HTTPError as error:
            raise OSError(str(error)) from error
        return answer.status, f"{answer.status} {answer.data[:_SHOWN_BYTES]!r}"
