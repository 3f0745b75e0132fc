"""HTTP requests → the attributes of a Check (names, defaults and rules of Istio's proxy 1.4).

Later ones overwrite earlier ones:

1. what is known before (`HttpService.attributes`)
2. what the request says (the table in `check_attributes`)
3. what the proxy before it hands on (`proxy_client.http.forwarded`), six names

The original's filter sat beside the server; this one sits in it. So `destination.ip` and
`destination.port` in a Report are those of the server itself, unless it sends requests on. Queries
are decoded, and the first value of a name counts, as at this project's other doors; Envoy's filter
passed them on undecoded, so `%61dmin` got by a rule for `admin`.
"""

from mixer.attribute.protocol import is_grpc
from mixer.attribute.url import query_params
from mixer.attribute.value import Timestamp, Value, packed_address
from proxy_client.http.dynamic_metadata import AUTHENTICATION, add_authentication
from proxy_client.http.forwarded import HEADER, decode_forwarded, find_forwarded
from proxy_client.http.identity import principal
from proxy_client.http.message import HttpRequest, Tls
from proxy_client.http.service import HttpService


def check_attributes(
    request: HttpRequest, service: HttpService, now: Timestamp
) -> dict[str, Value]:
    """The attributes that decide about a request; the dict belongs to the caller, its maps do not.

    ================================  ========================================================
    request.headers                   all but `x-istio-attributes`, of repeated ones the last;
                                      `:method`, `:path` and `:authority` are among them
    request.host, .path               always, maybe empty
    request.method, .url_path,        unless empty
    .query_params, .referer,
    .useragent
    request.scheme                    `http` if unknown
    request.time                      `now`
    context.protocol                  `grpc` or `http`, by the content type
    origin.ip                         the client's
    connection.mtls                   whether the client presented a certificate
    connection.requested_server_name  the SNI, if any
    destination.principal             of the server's certificate, if any
    source.principal                  of the client's certificate, if nothing says who is
                                      authenticated
    request.auth.*, source.user,      of the metadata `istio_authn`, if any
    .principal, .namespace
    ================================  ========================================================
    """
    attributes = dict(service.attributes)
    headers = dict(request.headers)
    is_forwarded = headers.pop(HEADER, None) is not None
    _add_request(attributes, request, headers)
    attributes["request.time"] = now
    if request.client is not None:
        origin = packed_address(request.client[0])
        if origin is not None:
            attributes["origin.ip"] = origin
    _add_identities(attributes, request)
    if is_forwarded and not service.ignores_forwarded:
        attributes.update(decode_forwarded(find_forwarded(request.headers) or ""))
    return attributes


def _add_request(
    attributes: dict[str, Value], request: HttpRequest, headers: dict[str, str]
) -> None:
    """Adds what stands in the request; `headers` become an attribute."""
    host_header = headers.pop("host", "")
    host = request.host or host_header
    path = request.path
    content_type = headers.get("content-type")
    attributes["request.host"] = host
    attributes["request.path"] = path
    attributes["request.scheme"] = request.scheme or "http"
    attributes["context.protocol"] = "grpc" if is_grpc(content_type) else "http"
    if "user-agent" in headers:
        attributes["request.useragent"] = headers["user-agent"]
    if "referer" in headers:
        attributes["request.referer"] = headers["referer"]
    if host:
        headers[":authority"] = host
    if request.method:
        attributes["request.method"] = headers[":method"] = request.method
    if path:
        headers[":path"] = path
        attributes["request.url_path"], question_mark, _ = path.partition("?")
        params = query_params(path) if question_mark else None
        if params:
            attributes["request.query_params"] = params
    if headers:
        attributes["request.headers"] = headers


def _add_identities(attributes: dict[str, Value], request: HttpRequest) -> None:
    tls = request.tls
    attributes["connection.mtls"] = tls is not None and tls.peer_names is not None
    authentication = request.metadata.get(AUTHENTICATION)
    if tls is not None:
        _add_tls(attributes, tls, is_authenticated=authentication is not None)
    if authentication is not None:
        add_authentication(attributes, authentication)


def _add_tls(attributes: dict[str, Value], tls: Tls, *, is_authenticated: bool) -> None:
    if tls.requested_server_name:
        attributes["connection.requested_server_name"] = tls.requested_server_name
    server = principal(tls.local_names)
    if server is not None:
        attributes["destination.principal"] = server
    client = None if is_authenticated else principal(tls.peer_names or ())
    if client is not None:
        attributes["source.principal"] = client
