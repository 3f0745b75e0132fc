"""Verdicts → what becomes of a request and its response (proxy 1.4 `src/envoy/http/mixer`).

In this order:

1. a direct response is sent, whatever the verdict, with the header operations for responses
2. a denial is answered with the HTTP status of its code, and `CODE_NAME:message` as its body
3. what may pass gets the header operations for requests, and those for responses on its way back
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final, NamedTuple, TypeVar

from mixer.status import denial_http_status, denial_text
from proxy_client.http.message import Headers
from proxy_client.verdict import HeaderChange, Operation, Verdict

Header = TypeVar("Header", tuple[str, str], tuple[bytes, bytes], tuple[str, str | bytes])
"""Name and value, in the form of some server."""

_WITHOUT_BODY: Final = frozenset({*range(100, 200), 204, 304})
# What ends a line must not be in a value. Rules may make values of queries, where it is encoded.
_UNSAFE: Final = str.maketrans("\r\n\0", "   ")  # RFC 9110, 5.5


class Answer(NamedTuple):
    """A response that is sent in place of the application's."""

    code: int
    headers: Headers
    body: bytes = b""
    """Not to be sent as an answer to HEAD."""


def answer_to(verdict: Verdict) -> Answer | None:
    """What a request is answered with at once; None lets it pass."""
    directive = verdict.directive
    if directive is not None and directive.direct_response_code:
        body = directive.direct_response_body.encode()
        answer = _local(directive.direct_response_code, body)
        return answer._replace(headers=changed(answer.headers, directive.response_headers, _pair))
    if verdict.is_ok:
        return None
    return _local(denial_http_status(verdict.status.code), denial_text(verdict.status).encode())


def changed(
    headers: Iterable[Header],
    changes: Iterable[HeaderChange],
    make: Callable[[str, str], Header],
) -> list[Header]:
    """The headers after all changes, in order; pseudo headers among the changes are left out.

    `make` gives a name and value the form that they have in `headers`.
    """
    found = list(headers)
    for change in changes:
        if change.name.startswith(":"):
            continue
        made = make(change.name.lower(), safe_value(change.value))
        if change.operation is not Operation.APPEND:
            found = [header for header in found if header[0].lower() != made[0]]
        if change.operation is not Operation.REMOVE:
            found.append(made)
    return found


def pseudo_headers(changes: Iterable[HeaderChange]) -> Mapping[str, str]:
    """The new values of `:path`, `:method`, `:authority` and `:scheme`, as far as they change.

    A request can be without none of them, so they are not removed; and each has one value.
    """
    return {
        name.lower(): safe_value(value)
        for name, value, operation in changes
        if name.startswith(":") and operation is not Operation.REMOVE
    }


def safe_value(value: str) -> str:
    """A value that is one line."""
    return value.translate(_UNSAFE)


def _local(code: int, body: bytes) -> Answer:
    if code in _WITHOUT_BODY:
        return Answer(code, ())
    length = ("content-length", str(len(body)))
    return Answer(code, (length, ("content-type", "text/plain")) if body else (length,), body)


def _pair(name: str, value: str) -> tuple[str, str]:
    return name, value
