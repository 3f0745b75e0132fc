import pytest

from proxy_client.grpc_server.call import address_of, request_of
from proxy_client.http.message import Tls


@pytest.mark.parametrize(
    ("peer", "address"),
    [
        ("ipv4:10.0.0.9:4242", ("10.0.0.9", 4242)),
        ("ipv6:%5B::1%5D:80", ("::1", 80)),
        ("unix:/run/app.sock", None),
        ("unix:", None),
    ],
)
def test_the_address_of_a_peer(peer, address):
    assert address_of(peer) == address


class Secured:
    """What a server says of a call over TLS."""

    def __init__(self, **security):
        self._security = {"transport_security_type": [b"ssl"], **security}

    def auth_context(self):
        return self._security

    def invocation_metadata(self):
        return ()

    def peer(self):
        return "ipv4:10.0.0.9:4242"


def test_the_certificate_of_a_client_names_it():
    ann = b"spiffe://shop/ns/web/sa/ann"
    security = Secured(
        x509_pem_cert=[b"..."], peer_uri=[ann], ssl_requested_server_name=[b"books.example"]
    )
    request = request_of("/Books/Read", security)

    assert request.scheme == "https"
    assert request.tls == Tls(
        peer_names=[("URI", ann.decode())], requested_server_name="books.example"
    )
    assert request_of("/Books/Read", Secured()).tls == Tls()
