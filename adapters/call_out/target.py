"""Where an HTTP service is and how it is called, and what can be wrong with that."""

from collections.abc import Iterator
from dataclasses import dataclass

from urllib3.exceptions import LocationParseError
from urllib3.util import Url, parse_url

from adapters.call_out.params import Tls, Token, credential_errors, retry_errors, tls_errors
from mixer.adapter import Duration, ParamError


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpTarget:
    """What `HttpClient` needs to know. Fields are named as the params that they come from."""

    url: str
    """`http://` or `https://`. Redirects are not followed."""
    timeout: Duration
    """How long connecting, and each wait for data, may take."""
    retry_percent: int
    """How many retries a hundred calls may cause."""
    max_answer_bytes: int = 65536
    """Longer answers are errors."""
    max_connections: int = 16
    """How many connections are kept open; calls beyond make connections of their own."""
    tls: Tls | None
    """For `https`; None for the system's authorities."""
    token: Token | None
    """None for calls without one."""


def target_errors(target: HttpTarget) -> Iterator[ParamError]:
    """All that is wrong, as far as it can be seen without files and connections."""
    url = _parsed(target.url)
    if url is None:
        yield ParamError(field="url", message=f"want http(s)://HOST/PATH, got {target.url!r}")
    is_encrypted = url is not None and url.scheme == "https"
    if target.tls is not None and url is not None and not is_encrypted:
        yield ParamError(field="tls", message="is only for https")
    for name in ("timeout", "max_answer_bytes", "max_connections"):
        if getattr(target, name) <= 0:
            yield ParamError(field=name, message="must be more than 0")
    yield from retry_errors(target.retry_percent)
    yield from tls_errors(target.tls)
    if url is not None:
        host = url.host or ""
        yield from credential_errors(target.token, host, is_encrypted=is_encrypted)


def _parsed(text: str) -> Url | None:
    try:
        url = parse_url(text)
    except LocationParseError:
        return None
    is_whole = url.scheme in ("http", "https") and url.host
    return url if is_whole and url.auth is None and url.fragment is None else None
