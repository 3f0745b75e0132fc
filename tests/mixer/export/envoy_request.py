"""What Envoy's ext_authz filter would send for the description of a request."""

from base64 import b64decode

from envoy.service.auth.v3.external_auth_pb2 import CheckRequest


def check_request(request, extensions):
    """The serialized CheckRequest."""
    message = CheckRequest()
    attributes, properties = message.attributes, request["properties"]
    attributes.context_extensions.update(extensions)
    for peer, side in ((attributes.source, "source"), (attributes.destination, "destination")):
        host, _, port = properties[f"{side}.address"].rpartition(":")
        socket = peer.address.socket_address
        socket.address, socket.port_value = host.strip("[]"), int(port)
    attributes.source.principal = properties.get("connection.uri_san_peer_certificate", "")
    attributes.request.time.FromNanoseconds(properties["request.time"])
    http = attributes.request.http
    http.protocol = properties["request.protocol"]
    for name, value in request["headers"]:
        text = sanitized(value)
        http.headers[name] = f"{http.headers[name]},{text}" if name in http.headers else text
    http.method, http.path = http.headers[":method"], http.headers[":path"]
    http.host, http.scheme = http.headers[":authority"], http.headers[":scheme"]
    return message.SerializeToString()


def sanitized(value):
    """Envoy sends `!` in the place of each byte that is no part of a character."""
    raw = b64decode(value["base64"]) if isinstance(value, dict) else value.encode()
    escaped = raw.decode("utf-8", "surrogateescape")
    return "".join("!" if "\udc80" <= char <= "\udcff" else char for char in escaped)
