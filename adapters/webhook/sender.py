"""POST with a deadline, one retry if the budget allows it, and a bound on the answer."""

import ssl
from typing import Any, Final

import urllib3
from prometheus_client import Counter
from urllib3.exceptions import HTTPError, NewConnectionError, ProtocolError
from urllib3.util import Timeout, parse_url

from adapters.call_out import RetryBudget, SecretFile, Tls
from adapters.webhook.answer import AnswerError
from adapters.webhook.params import Params
from adapters.webhook.signature import signature_headers
from mixer.adapter import Env, UnavailableError

_RETRIES: Final = Counter(
    "mixer_adapter_webhook_retries",
    "Calls of webhooks that were made a second time.",
    ["handler"],
)
_PASSING: Final = frozenset({502, 503, 504})
"""What a proxy says when the service behind it is away."""
_BUSY: Final = _PASSING | {408, 429}
_SHOWN_BYTES: Final = 200


class Sender:
    """Makes the calls of one handler. Safe for use by many threads."""

    def __init__(self, params: Params, env: Env) -> None:
        """Connects to nothing yet; raises OSError or ValueError when a file can't be read."""
        self._params = params
        self._clock = env.clock
        self._budget = RetryBudget(params.retry_percent)
        self._retries = _RETRIES.labels(env.handler)
        self._token = self._secret(params.token.path if params.token else "")
        self._key = self._secret(params.signing_key)
        self._target = parse_url(params.url).request_uri
        self._headers = {"content-type": "application/json", **params.headers}
        self._pool = urllib3.connection_from_url(
            params.url,
            maxsize=params.max_connections,
            timeout=Timeout(params.timeout.seconds),
            retries=False,
            **_tls(params),
        )

    def _secret(self, path: str) -> SecretFile | None:
        return SecretFile(path, self._clock.monotonic) if path else None

    def post(self, body: bytes, *, may_repeat: bool) -> bytes:
        """What the service answers.

        Raises UnavailableError when it is away, too slow or too busy, AnswerError when its status
        is not 2xx, or the answer too long.
        """
        self._budget.earn()
        try:
            return self._once(body)
        except _PassingError as error:
            if not (may_repeat and self._budget.spend()):
                raise UnavailableError(str(error)) from error
        self._retries.inc()
        try:
            return self._once(body)
        except _PassingError as error:
            raise UnavailableError(str(error)) from error

    def _once(self, body: bytes) -> bytes:
        try:
            response = self._pool.urlopen(
                "POST",
                self._target,
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
        limit = self._params.max_answer_bytes
        content: bytes = response.read(limit + 1, decode_content=False)
        if len(content) > limit:
            raise AnswerError(f"the answer is longer than {limit} bytes")
        return content

    def _headers_for(self, body: bytes) -> dict[str, str]:
        headers = self._headers
        token = self._params.token
        if token is not None and self._token is not None:
            headers = {**headers, token.header: token.value(self._token.text)}
        if self._key is not None:
            headers = {**headers, **signature_headers(self._key.text, self._clock.now_ns(), body)}
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


def _tls(params: Params) -> dict[str, Any]:
    if not params.url.lower().startswith("https:"):
        return {}
    tls = params.tls or Tls()
    context = ssl.create_default_context(cafile=tls.ca or None)
    if tls.client_certificate:
        context.load_cert_chain(tls.client_certificate, tls.client_key)
    options: dict[str, Any] = {"ssl_context": context}
    if tls.server_name:
        options |= {"server_hostname": tls.server_name, "assert_hostname": tls.server_name}
    return options
