"""What can be configured of an opa-remote handler, and what can be wrong with it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from adapters.call_out import HttpTarget, Tls, Token, target_errors
from adapters.opa_document import path_of
from mixer.adapter import Duration, InstanceType, ParamError

_TIMEOUT: Final = Duration.parse("400ms")


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """Where the server is, and which of its rules decides."""

    server_url: str = ""
    """`http://` or `https://`, host and port of the server, and a path if its API is below one."""
    check_method: str = ""
    """The rule that decides, such as `data.mixerauthz.allow`; needed. The server is asked for
    `/v1/data/mixerauthz/allow` then."""
    fail_close: bool = False
    """What happens where that rule is undefined, or neither true nor false: true denies, false lets
    pass. What happens where the server can't be asked, `onError` of the rule says."""
    timeout: Duration = _TIMEOUT
    """How long connecting, and each wait for data, may take. The handler's `isolation` bounds the
    whole call."""
    retry_percent: int = 20
    """How many retries a hundred calls may cause; 0 for none. Only calls whose connection failed,
    or that were answered 502, 503 or 504, are retried, once."""
    tls: Tls | None = None
    """For `https`; without it, the system's authorities are trusted."""
    token: Token | None = None
    """Without it, calls carry no token. It needs `https`, except on this machine."""


def validate(params: Params, _instances: Mapping[str, InstanceType]) -> Iterator[ParamError]:
    """All that is wrong, as far as it can be seen without the server."""
    for error in target_errors(target_of(params, ())):
        yield replace(error, field="server_url") if error.field == "url" else error
    if "?" in params.server_url:
        yield ParamError(field="server_url", message="can't have a query")
    try:
        path_of(params.check_method)
    except ValueError as error:
        yield ParamError(field="check_method", message=str(error))


def target_of(params: Params, path: tuple[str, ...]) -> HttpTarget:
    """Where the rule of that path is asked for."""
    return HttpTarget(
        url="/".join((params.server_url.rstrip("/"), "v1/data", *path)),
        timeout=params.timeout,
        retry_percent=params.retry_percent,
        tls=params.tls,
        token=params.token,
    )
