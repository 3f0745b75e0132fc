"""The policy filter and all that requests can be: HTTP/2, gRPC, TLS, large, and not UTF-8."""

import grpc
import pytest

from mixer.envoy.bootstrap import grpc_cluster, http_listener, route
from mixer.envoy.part import typed
from tests.certificates import certify
from tests.e2e.http_message import send
from tests.e2e.policy_filter import filtered, limited, program, setting
from tests.e2e.tls import send_over_tls, with_tls
from tests.patience import SOON_S

pytestmark = pytest.mark.envoy

DENY = {"do": "deny", "handler": "h", "evaluate": [], "code": 7, "message": "no", "direct": None}


def checking(*actions, **parts):
    rule = {"rule": "ns/r", "match": -1, "actions": list(actions)}
    return program(check=[rule], **parts)


def call_refused(envoy):
    """The error that a gRPC call ends with."""
    with grpc.insecure_channel(envoy.addresses["http"]) as channel:
        call = channel.unary_unary("/shop.Carts/Find", request_serializer=bytes)
        with pytest.raises(grpc.RpcError) as refused:
            call(b"", timeout=SOON_S)
    return refused.value.code(), refused.value.details()


@pytest.mark.parametrize(
    ("policy", "code", "details"),
    [
        (checking(DENY), grpc.StatusCode.PERMISSION_DENIED, "PERMISSION_DENIED:h:no"),
        # Envoy makes the status of the HTTP status: 429 is UNAVAILABLE, 500 is UNKNOWN.
        (
            limited(0),
            grpc.StatusCode.UNAVAILABLE,
            "RESOURCE_EXHAUSTED:Quota is exhausted for: q",
        ),
        (
            checking({"do": "pass", "handler": "h", "evaluate": [0]}, code=[[24]]),
            grpc.StatusCode.UNKNOWN,
            "INTERNAL:the policy can't be decided",
        ),
    ],
    ids=["denied", "exhausted", "undecided"],
)
def test_a_grpc_call_that_is_refused_gets_a_status(policy, code, details):
    with filtered(policy) as envoy:
        assert call_refused(envoy) == (code, details)


def test_http_2(tmp_path):
    inner = f"unix:{tmp_path}/inner.sock"
    telling = program(
        attributes=[["property", "request.protocol", 0, None], ["headers"]],
        code=[[1, 0], [3, 1, 0]],
        constants=[":authority"],
        headers=setting("request", "x-protocol", "x-host"),
    )

    def behind_another(config):
        """A listener that passes requests on to the first one, over HTTP/2."""
        resources = config["static_resources"]
        resources["listeners"][0]["address"] = {"pipe": {"path": inner.removeprefix("unix:")}}
        resources["listeners"].append(http_listener([], [route("inner")], name="front"))
        resources["clusters"].append(grpc_cluster("inner", inner))
        return config

    with filtered(telling, change=behind_another) as envoy:
        answer = send(envoy.addresses["front"], headers=[("host", "shop")])
    assert (answer.received("x-protocol"), answer.received("x-host")) == (["HTTP/2"], ["shop"])


PRINCIPALS = program(
    attributes=[
        ["principal", "peer"],
        ["principal_namespace"],
        ["principal", "local"],
        ["property", "connection.requested_server_name", 0, None],
        ["property", "connection.mtls", 2, None],
    ],
    code=[[1, 0], [1, 1], [1, 2], [1, 3], [1, 4, 23, 2]],
    headers=setting("request", "x-peer", "x-space", "x-local", "x-server", "x-mtls"),
)
INSPECTOR = typed(
    "envoy.filters.listener.tls_inspector",
    "envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector",
)
SERVER = "URI:spiffe://cluster.test/ns/back/sa/books"
CLIENT = "URI:spiffe://cluster.test/ns/front/sa/shop"


@pytest.mark.parametrize(
    ("has_certificate", "told"),
    [
        (
            True,
            {
                "x-peer": ["cluster.test/ns/front/sa/shop"],
                "x-space": ["front"],
                "x-local": ["cluster.test/ns/back/sa/books"],
                "x-server": ["books.test"],
                "x-mtls": ["true"],
            },
        ),
        (
            False,
            {
                "x-peer": [],
                "x-space": [],
                "x-local": ["cluster.test/ns/back/sa/books"],
                "x-server": ["books.test"],
                "x-mtls": ["false"],
            },
        ),
    ],
    ids=["mutual", "server"],
)
def test_tls(tmp_path, has_certificate, told):
    server = certify(tmp_path, "server", "DNS:books.test", SERVER)
    client = certify(tmp_path, "client", CLIENT)

    def secured(config):
        """Envoy only knows the server's name of connections that it has inspected."""
        config["static_resources"]["listeners"][0]["listener_filters"] = [INSPECTOR]
        return with_tls(config, server, client)

    with filtered(PRINCIPALS, change=secured) as envoy:
        shown = client if has_certificate else None
        # Twice: of the second connection nothing may be known that is the first one's.
        send_over_tls(envoy.addresses["http"], server, client, "books.test")
        answer = send_over_tls(envoy.addresses["http"], server, shown, "books.test")
    assert {name: answer.received(name) for name in told} == told


READING = {
    "attributes": [["header", "x-last"], ["headers"]],
    "code": [[1, 0], [1, 0, 20, 23, 1], [3, 1, 0]],
    "constants": ["x-last"],
    "headers": setting("request", "x-text", "x-size", "x-entry"),
}


def test_100_headers():
    headers = [(f"x-{number}", "a") for number in range(90)] + [("x-last", "b"), ("x-last", "c")]
    with filtered(program(**READING)) as envoy:
        answer = send(envoy.addresses["http"], headers=headers)
    assert answer.received("x-size") == ["3"]
    assert answer.received("x-text") == answer.received("x-entry") == ["b,c"]


def test_64_kib_of_headers():
    headers = [(f"x-{number}", 4096 * "a") for number in range(8)] + [("x-last", 33_000 * "b")]
    size_only = [{"match": -1, "request": [["set", "x-size", 1]], "response": []}]
    with filtered(program(**READING) | {"headers": size_only}, max_request_headers_kb=96) as envoy:
        answer = send(envoy.addresses["http"], headers=headers)
    assert answer.received("x-size") == ["33000"]


def test_header_bytes_that_are_not_utf_8():
    denying = {"do": "list", "handler": "h", "value": 0, "type": 0, "list": 0}
    policy = checking(
        denying | {"deny_found": False, "denial": "is refused"},
        **(READING | {"headers": [], "lists": [{"kind": "texts", "entries": []}]}),
    )
    with filtered(policy) as envoy:
        answer = send(envoy.addresses["http"], headers=[("x-last", b"a\xc3\xa9\xff\xe2\x82a")])
    assert answer.body == "PERMISSION_DENIED:h:aé!!!a is refused".encode()
