"""Certificates, and listeners and clients that show them."""

import ssl
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from mixer.envoy.part import typed
from tests.e2e.http_message import connect, read_answer, request


def certify(folder, name, *identities):
    """A certificate that vouches for itself, and its key: two paths.

    Identities are `DNS:name` or `URI:uri`.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName(map(_alternative_name, identities)), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    paths = folder / f"{name}.crt", folder / f"{name}.key"
    paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return paths


def _alternative_name(identity):
    kind, _, text = identity.partition(":")
    names = {"DNS": x509.DNSName, "URI": x509.UniformResourceIdentifier}
    return names[kind](text)


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
