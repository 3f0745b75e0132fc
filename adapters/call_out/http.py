"""JSON over HTTP: POST with a deadline, one retry if the budget allows it, a bounded answer."""

import ssl
from collections.abc import Callable, Mapping
from typing import Any, Final

import urllib3
from urllib3.exceptions import HTTPError, NewConnectionError, ProtocolError
from urllib3.util import Timeout, parse_url

from adapters.call_out.answer import AnswerError
from adapters.call_out.budget import RetryBudget
from adapters.call_out.params import Tls
from adapters.call_out.secret import SecretFile
from adapters.call_out.target import HttpTarget
from mixer.adapter import Env, UnavailableError

MakeHeaders = Callable[[bytes], Mapping[str, str]]
"""The headers that go with a body."""

_PASSING: Final = frozenset({502, 503, 504})
"""What a proxy says when the service behind it is away."""
_BUSY: Final = _PASSING | {408, 429}
_SHOWN_BYTES: Final = 200


def _no_headers(_body: bytes) -> Mapping[str, str]:
    return {}


class HttpClient:
    """Makes the calls of one handler. Safe for use by many threads."""

    def __init__(
        self, target: HttpTarget, env: Env, make_headers: MakeHeaders = _no_headers
    ) -> None:
        """Connects to nothing yet; raises OSError or ValueError when a file can't be read."""
        self._limit = target.max_answer_bytes
        self._make_headers = make_headers
        self._budget = RetryBudget(target.retry_percent, env.handler)
        self._token = target.token
        self._secret = SecretFile(target.token.path, env.clock.monotonic) if target.token else None
        self._path = parse_url(target.url).request_uri
        self._pool = urllib3.connection_from_url(
            target.url,
            maxsize=target.max_connections,
            timeout=Timeout(target.timeout.seconds),
            retries=False,
            **_tls(target),
        )

    def post(self, body: bytes, *, may_repeat: bool) -> bytes:
        """What the service answers to JSON.

        Raises UnavailableError when it is away, too slow or too busy, AnswerError when its status
        is not 2xx, or the answer too long.
        """
        self._budget.earn()
        try:
            return self._once(body)
        except _PassingError as error:
            if not (may_repeat and self._budget.spend()):
                raise UnavailableError(str(error)) from error
        try:
            return self._once(body)
        except _PassingError as error:
            raise UnavailableError(str(error)) from error

    def _once(self, body: bytes) -> bytes:
        try:
            response = self._pool.urlopen(
                "POST",
                self._path,
                body=body,
                headers=self._headers_for(body),
                redirect=False,
                preload_content=False,
            )
            try:
                content = self._read(response)
            finally:
                # A connection whose answer was read to its end is in the pool again by now.
                response.close()
        except (NewConnectionError, ProtocolError) as error:
            raise _PassingError(f"no answer: {error}") from error
        except (HTTPError, OSError) as error:
            raise UnavailableError(f"no answer: {error}") from error
        _check_status(response.status, content)
        return content

    def _read(self, response: Any) -> bytes:
        content: bytes = response.read(self._limit + 1, decode_content=False)
        if len(content) > self._limit:
            raise AnswerError(f"the answer is longer than {self._limit} bytes")
        return content

    def _headers_for(self, body: bytes) -> Mapping[str, str]:
        headers = {"content-type": "application/json", **self._make_headers(body)}
        if self._token is not None and self._secret is not None:
            headers[self._token.header] = self._token.value(self._secret.text)
        return headers

    def close(self) -> None:
        """Ends the connections that wait for calls; calls that are under way end by themselves."""
        self._pool.close()


class _PassingError(Exception):
    """The service was away for a moment, it seems: another call may be answered."""


def _check_status(status: int, content: bytes) -> None:
    if 200 <= status < 300:
        return
    shown = content[:_SHOWN_BYTES].decode(errors="replace")
    text = f"HTTP {status}: {shown}" if shown else f"HTTP {status}"
    if status in _PASSING:
        raise _PassingError(text)
    if status in _BUSY:
        raise UnavailableError(text)
    raise AnswerError(text)


def _tls(target: HttpTarget) -> dict[str, Any]:
    if not target.url.lower().startswith("https:"):
        return {}
    tls = target.tls or Tls()
    context = ssl.create_default_context(cafile=tls.ca or None)
    if tls.client_certificate:
        context.load_cert_chain(tls.client_certificate, tls.client_key)
    options: dict[str, Any] = {"ssl_context": context}
    if tls.server_name:
        options |= {"server_hostname": tls.server_name, "assert_hostname": tls.server_name}
    return options
