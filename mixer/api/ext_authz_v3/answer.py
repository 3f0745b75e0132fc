"""From a verdict to the bytes of an `envoy.service.auth.v3.CheckResponse`.

A denial has Envoy's HTTP status for its code (`CODES`), and `CODE_NAME:message` as its body, as
Istio's proxies answered; a direct response has its own status, body and headers. Who denied, and
why, stands in the dynamic metadata, which access logs and later filters find under
`envoy.filters.http.ext_authz`: `rule`, `handler`, `reason` and `code`.

The same few answers go out again and again, so they are kept as bytes.
"""

from typing import Final

from envoy.service.auth.v3.external_auth_pb2 import (
    CheckResponse,
    DeniedHttpResponse,
    OkHttpResponse,
)
from envoy.type.v3.http_status_pb2 import HttpStatus
from google.rpc.status_pb2 import Status as StatusMessage

from mixer.api.ext_authz_v3.changes import denial_headers, request_headers, response_headers
from mixer.attribute.bag import StringMap
from mixer.attribute.kept import Kept
from mixer.config.spec import Operation
from mixer.dispatch.verdict import CheckVerdict, Denial, RouteDirective
from mixer.status import Code, Status, code_name, denial_http_status, denial_text, http_status

_MAX_KEPT: Final = 4096
_MAX_KEPT_BYTES: Final = 2048
"""Messages and header values can quote what a client sent; longer ones are not worth the memory."""

_PASSED: Final[bytes] = CheckResponse(status=StatusMessage(code=Code.OK)).SerializeToString()

_HTTP_STATUSES: Final = range(200, 600)
"""Envoy would send others as they are: clients wait for more after 100, and can't read 99."""

_Refusal = tuple[int, str, RouteDirective | None, Denial | None]
_Passing = tuple[RouteDirective, frozenset[str]]


def response(verdict: CheckVerdict, sent: StringMap | None) -> bytes:
    """The serialized CheckResponse; `sent` are the headers of the request by lower-case name."""
    status, directive = verdict.status, verdict.route_directive
    if status.code or (directive is not None and directive.direct_response_code):
        return _kept_refusals[status.code, status.message, directive, verdict.decided_by]
    if directive is None:
        return _PASSED
    return _kept_changes[directive, _appended_to(directive, sent)]


def _refusal(what: _Refusal) -> bytes:
    code, message, directive, denial = what
    # Envoy lets a request pass whose answer says OK, even when it brings a denied_response.
    status = StatusMessage(code=code or Code.PERMISSION_DENIED, message=message)
    answer = CheckResponse(status=status)
    if directive is None:
        body = denial_text(Status(code=code, message=message))
        answer.denied_response.CopyFrom(_http_response(denial_http_status(code), body))
    else:
        direct = _http_response(directive.direct_response_code, directive.direct_response_body)
        direct.headers.extend(denial_headers(directive.response_headers))
        answer.denied_response.CopyFrom(direct)
    if denial is not None:
        answer.dynamic_metadata.update({**denial._asdict(), "code": code_name(code)})
    return _serialized(answer)


def _http_response(status: int, body: str) -> DeniedHttpResponse:
    known = status if status in _HTTP_STATUSES else http_status(Code.UNKNOWN)
    # The enum has not all codes that are in use, but keeps them.
    return DeniedHttpResponse(status=HttpStatus(code=known), body=body)


def _appended_to(directive: RouteDirective, sent: StringMap | None) -> frozenset[str]:
    """Those headers of the request to which something may be appended."""
    if sent is None:
        return frozenset()
    appended = (
        change.name.lower()
        for change in directive.request_headers
        if change.operation is Operation.APPEND
    )
    return frozenset(name for name in appended if sent.find(name) is not None)


def _changes(what: _Passing) -> bytes:
    directive, sent = what
    options, removed = request_headers(directive.request_headers, sent)
    changed = OkHttpResponse(
        headers=options,
        headers_to_remove=removed,
        response_headers_to_add=response_headers(directive.response_headers),
    )
    return _serialized(CheckResponse(status=StatusMessage(code=Code.OK), ok_response=changed))


def _serialized(answer: CheckResponse) -> bytes:
    data: bytes = answer.SerializeToString()
    return data


def _is_short(_what: object, data: bytes) -> bool:
    return len(data) <= _MAX_KEPT_BYTES


_kept_refusals: Final = Kept(_refusal, _MAX_KEPT, _is_short)
_kept_changes: Final = Kept(_changes, _MAX_KEPT, _is_short)
