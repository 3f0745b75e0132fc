"""Listeners and clients that show certificates."""

import ssl

from mixer.envoy.part import typed
from tests.e2e.http_message import connect, read_answer, request


def with_tls(config, server, client):
    """Has the first listener speak TLS, and want to see the client's certificate."""
    certificate, key = ({"filename": str(path)} for path in server)
    context = {
        "tls_certificates": [{"certificate_chain": certificate, "private_key": key}],
        "validation_context": {"trusted_ca": {"filename": str(client[0])}},
    }
    kind = "envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext"
    socket = typed("envoy.transport_sockets.tls", kind, common_tls_context=context)
    config["static_resources"]["listeners"][0]["filter_chains"][0]["transport_socket"] = socket
    return config


def send_over_tls(address, server, client, name):
    """Sends a request to the server of that name, with the client's certificate."""
    trust = ssl.create_default_context(cafile=server[0])
    if client:
        trust.load_cert_chain(*client)
    with (
        connect(address) as plain,
        trust.wrap_socket(plain, server_hostname=name) as secured,
    ):
        secured.sendall(request())
        return read_answer(secured)
