"""What a Mixer learns of connections: those of TLS, and those that are not HTTP."""

import pytest

from mixer.adapter import CheckResult, Status
from mixer.envoy.bootstrap import bootstrap, cluster, grpc_cluster, tcp_listener
from mixer.envoy.part import grpc_service, typed
from tests.certificates import certify
from tests.e2e.authorization import front, mixer_at
from tests.e2e.http_message import connect
from tests.e2e.tcp_echo import tcp_echo
from tests.e2e.tls import send_over_tls, with_tls
from tests.integration.documents import handler, instance, rule
from tests.integration.spy import Spy

pytestmark = pytest.mark.envoy


def asking(value):
    """Rules that tell the handler one value."""
    return handler("h"), instance("i", "listentry", value=value), rule("r", ("h", "i"))


def told(spy):
    return [one.value for one in spy.asked("h.istio-system")]


def test_tls_with_certificates_of_both_sides(tmp_path, upstream, start_envoy):
    spy = Spy()
    documents = asking(
        'source.principal + " in " + source.namespace + " to " + destination.principal + " as "'
        ' + connection.requested_server_name + conditional(connection.mtls, " by mtls", "")'
    )
    server = certify(
        tmp_path, "server", "DNS:books.test", "URI:spiffe://cluster.test/ns/back/sa/books"
    )
    client = certify(tmp_path, "client", "URI:spiffe://cluster.test/ns/front/sa/shop")
    with mixer_at(tmp_path, spy, *documents) as mixer:
        config = front(mixer, upstream.address, include_tls_session=True)
        envoy = start_envoy(with_tls(config, server, client))
        answer = send_over_tls(envoy.addresses["http"], server, client, "books.test")

    assert answer.status == 200
    assert told(spy) == [
        "cluster.test/ns/front/sa/shop in front to cluster.test/ns/back/sa/books as books.test by mtls"
    ]


@pytest.mark.parametrize(("code", "echo"), [(0, b"hello"), (7, b"")], ids=["pass", "deny"])
def test_a_connection_of_tcp(tmp_path, start_envoy, code, echo):
    spy = Spy(answers={"h.istio-system": CheckResult(status=Status(code=code))})
    documents = asking('context.protocol + conditional(source.ip == ip("127.0.0.1"), " here", "")')
    authz = typed(
        "envoy.filters.network.ext_authz",
        "envoy.extensions.filters.network.ext_authz.v3.ExtAuthz",
        stat_prefix="authz",
        transport_api_version="V3",
        grpc_service=grpc_service("mixer", 5),
    )
    with tcp_echo() as behind, mixer_at(tmp_path, spy, *documents) as mixer:
        listener = tcp_listener("behind")
        listener["filter_chains"][0]["filters"].insert(0, authz)
        clusters = [grpc_cluster("mixer", mixer), cluster("behind", behind)]
        envoy = start_envoy(bootstrap([listener], clusters))
        with connect(envoy.addresses["tcp"]) as connection:
            connection.sendall(b"hello")
            answer = received(connection)

    assert answer == echo
    assert told(spy) == ["tcp here"]


def received(connection):
    """The next bytes; none when the connection was closed."""
    try:
        return connection.recv(100)
    except ConnectionResetError:
        return b""
