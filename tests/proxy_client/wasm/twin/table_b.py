"""The attributes that a Report has beyond those of the Check, by table B of Mixer's HTTP filter."""

from collections.abc import Mapping

from mixer.attribute.value import Duration, Timestamp, Value, packed_address
from mixer.status import denial_http_status, denial_text
from proxy_client.verdict import Verdict
from tests.proxy_client.wasm.twin.requests import Request, Response
from tests.proxy_client.wasm.twin.table_a import Bag, string_entries

_TRACING = ("x-b3-traceid", "x-b3-spanid", "x-b3-parentspanid", "x-b3-sampled")
FLAGS = {0: "LH", 2: "UT", 10: "FI", 14: "DC"}
"""The response flags that requests here can have, by their bits."""
_RBAC = "envoy.filters.http.rbac"
_SHADOW = (
    ("shadow_engine_result", "rbac.permissive.response_code"),
    ("shadow_effective_policy_id", "rbac.permissive.effective_policy_id"),
)


def report_bag(
    bag: Mapping[str, Value],
    request: Request,
    response: Response,
    verdict: Verdict | None,
    now: Timestamp,
) -> Bag:
    """All attributes of a Report but one; `request` as it was in the end, `response` as it was sent.

    Missing is `request.total_size`.
    """
    found: Bag = dict(bag)
    _add_destination(found, response)
    _add_tracing(found, request)
    _add_outcome(found, response, verdict)
    headers = dict(response.headers) | dict(response.trailers)
    if headers:
        found["response.headers"] = headers
    if "grpc-status" in headers:
        last = dict(response.trailers)
        source = last if "grpc-status" in last else dict(response.headers)
        found["response.grpc_status"] = source["grpc-status"]
        found["response.grpc_message"] = source.get("grpc-message", "")
    found |= {
        "response.time": now,
        "response.duration": Duration(response.duration_ns),
        "request.size": response.received_bytes,
        "response.size": response.sent_bytes,
        "response.total_size": response_size(response),
    }
    return found | _metadata(request)


def response_size(response: Response) -> int:
    """How many bytes a response had."""
    lines = (*response.headers, *response.trailers)
    return sum(len(name) + len(value) for name, value in lines) + response.sent_bytes


def _add_destination(found: Bag, response: Response) -> None:
    host, _, port = response.upstream.rpartition(":")
    address = packed_address(host.strip("[]"))
    if address is not None:
        found.setdefault("destination.ip", address)
        found.setdefault("destination.port", int(port))
    if response.upstream_uid:
        found["destination.uid"] = response.upstream_uid


def _add_tracing(found: Bag, request: Request) -> None:
    headers = dict(request.headers)
    tracing = {name: headers[name] for name in _TRACING if name in headers}
    known = found.get("request.headers")
    if tracing:
        found["request.headers"] = {**(known if isinstance(known, Mapping) else {}), **tracing}


def _add_outcome(found: Bag, response: Response, verdict: Verdict | None) -> None:
    code = response.code or 500
    flags = [name for bit, name in FLAGS.items() if response.flags >> bit & 1]
    if verdict is not None:
        found["check.cache_hit"] = verdict.check_cache_hit
        found["quota.cache_hit"] = verdict.quota_cache_hit
        if not verdict.is_ok:
            found["check.error_code"] = int(verdict.status.code)
            found["check.error_message"] = denial_text(verdict.status)
            code = denial_http_status(verdict.status.code)
            flags.append("UAEX")
    found["response.code"] = code
    found["context.proxy_error_code"] = ",".join(flags) or "-"


def _metadata(request: Request) -> Bag:
    found: Bag = {}
    for namespace, struct in request.metadata.items():
        entries = string_entries(struct)
        if namespace != "istio.mixer" and entries:
            found[namespace] = entries
    for key, name in _SHADOW:
        value = request.metadata.get(_RBAC, {}).get(key)
        if isinstance(value, str) and value:
            found[name] = value
    return found
