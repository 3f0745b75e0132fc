"""HTTP responses → the attributes of a Report (names and rules of Istio's proxy 1.4)."""

from collections.abc import Mapping
from itertools import chain
from typing import Final

from mixer.attribute.value import Timestamp, Value, packed_address
from mixer.status import denial_http_status, denial_text
from proxy_client.http.dynamic_metadata import add_metadata
from proxy_client.http.message import Headers, HttpRequest, HttpResponse
from proxy_client.verdict import Verdict

_TRACING: Final = ("x-b3-traceid", "x-b3-spanid", "x-b3-parentspanid", "x-b3-sampled")
_UNAUTHORIZED: Final = "UAEX"  # Envoy's flag for a request that an external service denied
_NO_RESPONSE: Final = 500


def report_attributes(
    attributes: Mapping[str, Value],
    request: HttpRequest,
    response: HttpResponse,
    verdict: Verdict | None,
    now: Timestamp,
) -> dict[str, Value]:
    """`attributes`, which are those of the Check, and what the end of the request brought.

    `verdict` is None when none was asked for. The dict belongs to the caller; its maps do not.

    ================================  ========================================================
    check.cache_hit, quota.cache_hit  if a verdict was asked for
    check.error_code,                 if it was a denial; the message is `CODE_NAME:message`
    check.error_message
    response.code                     of a denial what belongs to its code, even if something
                                      else was sent; 500 if nothing was sent
    destination.ip, .port             where the request went, unless they are known, each by
                                      itself
    destination.uid                   of the workload there, if known
    request.headers                   gain those of tracing (`x-b3-…`)
    response.headers                  with `:status`, and the trailers, which win
    response.time                     `now`
    response.duration                 0 if unknown
    request.size, response.size       bytes of the bodies
    request.total_size,               with headers and trailers: names and values
    response.total_size
    response.grpc_status,             if there is a status; of the trailers first
    response.grpc_message
    context.proxy_error_code          flags, with `UAEX` for a denial; `-` for none
    rbac.permissive.*                 of the metadata `envoy.filters.http.rbac`
    one map for each namespace        of the metadata, but for `istio.mixer`
    ================================  ========================================================
    """
    report = dict(attributes)
    _add_destination(report, request, response)
    _add_tracing(report, response.tracing_headers)
    report["response.time"] = now
    report["response.duration"] = response.duration
    _add_headers(report, response)
    _add_sizes(report, request, response)
    _add_grpc_status(report, response)
    _add_outcome(report, response, verdict)
    add_metadata(report, request.metadata)
    return report


def _add_destination(
    report: dict[str, Value], request: HttpRequest, response: HttpResponse
) -> None:
    address = response.upstream or request.server
    packed = None if address is None else packed_address(address[0])
    if address is not None and packed is not None:
        report.setdefault("destination.ip", packed)
        if address[1] is not None:
            report.setdefault("destination.port", address[1])
    if response.upstream_uid:
        report["destination.uid"] = response.upstream_uid


def _add_tracing(report: dict[str, Value], headers: Mapping[str, str]) -> None:
    traced = {name: headers[name] for name in _TRACING if name in headers}
    if traced:
        known = report.get("request.headers")
        report["request.headers"] = {**known, **traced} if isinstance(known, Mapping) else traced


def _add_headers(report: dict[str, Value], response: HttpResponse) -> None:
    headers = dict(response.headers)
    if response.code:
        headers[":status"] = str(response.code)
    headers.update(response.trailers)
    if headers:
        report["response.headers"] = headers


def _add_sizes(report: dict[str, Value], request: HttpRequest, response: HttpResponse) -> None:
    asked = ((":method", request.method), (":path", request.path), *request.headers)
    status = ((":status", str(response.code)),) if response.code else ()
    answered = (*status, *response.headers, *response.trailers)
    report["request.size"] = response.received_bytes
    report["request.total_size"] = _size(asked) + response.received_bytes
    report["response.size"] = response.sent_bytes
    report["response.total_size"] = _size(answered) + response.sent_bytes


def _size(headers: Headers) -> int:
    return sum(map(len, chain.from_iterable(headers)))


def _add_grpc_status(report: dict[str, Value], response: HttpResponse) -> None:
    for headers in (dict(response.trailers), dict(response.headers)):
        if "grpc-status" in headers:
            report["response.grpc_status"] = headers["grpc-status"]
            report["response.grpc_message"] = headers.get("grpc-message", "")
            return


def _add_outcome(report: dict[str, Value], response: HttpResponse, verdict: Verdict | None) -> None:
    flags, code = response.flags, response.code or _NO_RESPONSE
    if verdict is not None:
        report["check.cache_hit"] = verdict.check_cache_hit
        report["quota.cache_hit"] = verdict.quota_cache_hit
        if not verdict.is_ok:
            status = verdict.status
            report["check.error_code"] = int(status.code)  # a `Code` has no form on the wire
            report["check.error_message"] = denial_text(status)
            code = denial_http_status(status.code)
            flags = f"{flags},{_UNAUTHORIZED}" if flags else _UNAUTHORIZED
    report["response.code"] = code
    report["context.proxy_error_code"] = flags or "-"
