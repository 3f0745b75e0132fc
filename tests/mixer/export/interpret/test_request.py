"""The attributes of a request by their sources, as `docs/policy_program.md` has them."""

import pytest

from mixer.export.attributes import Phase
from mixer.export.interpret.machine import Machine
from mixer.export.interpret.request import Attributes

NOTHING = {"constants": ["said"], "code": [], "automata": [], "lower": []}
CHECK, REPORT = Phase.CHECK, Phase.REPORT


def read(source, request, phase=CHECK):
    return Attributes([["name", *source]], Machine(NOTHING), request, phase).read(0)


def of(*headers, **properties):
    named = {name.replace("__", "."): value for name, value in properties.items()}
    return {"headers": list(headers), "properties": named}


GRPC = ("content-type", "application/grpc")
PEER = "connection__uri_san_peer_certificate"


@pytest.mark.parametrize(
    ("source", "request_", "value"),
    [
        (["constant", 0], of(), "said"),
        (["absent"], of(), None),
        (["first", ["absent"], ["header", "a"]], of(("a", "1")), "1"),
        (["header", "a"], of(("a", "1"), ("a", ""), ("a", "2")), "1,,2"),
        (["header", "a"], of(("a", "")), ""),
        (["header", "a"], of(), None),
        # Each byte that is no part of a character becomes an exclamation mark.
        (["header", "a"], of(("a", {"base64": "YcOp/+KCYQ=="})), "aé!!!a"),
        (["filled_header", "a", "b"], of(("a", "")), "b"),
        (["filled_header", "a", None], of(("a", "")), None),
        (["path"], of(), ""),
        (["path"], of((":path", "/a?b"), ("x-envoy-original-path", "/c")), "/a?b"),
        (["url_path"], of((":path", "/a?b?c")), "/a"),
        (["url_path"], of((":path", "?b")), None),
        (
            ["query_params"],
            of((":path", "/?a=1&b=%C3%A9+%zz&&c&a=2&=x&d=%ff&e=f=g")),
            {"a": "1", "b": "é %zz", "c": "", "": "x", "d": "\ufffd", "e": "f=g"},
        ),
        (["query_params"], of((":path", "/?&")), None),
        (
            ["headers"],
            of((":path", "/"), ("x-envoy-auth-partial-body", "false"), ("a", "1")),
            {":path": "/", "a": "1"},
        ),
        (["content_length"], of(("content-length", "017")), 17),
        (["content_length"], of(("content-length", "-1")), None),
        (["content_length"], of(), None),
        (["protocol"], of(GRPC), "grpc"),
        (["protocol"], of(("content-type", "application/grpc-web")), "http"),
        (["api_protocol"], of(GRPC, (":scheme", "https")), "grpc"),
        (["api_protocol"], of((":scheme", "https")), "https"),
        (["api_protocol"], of(), "http"),
        (["principal", "peer"], of(**{PEER: "spiffe://td/ns/a/sa/b"}), "td/ns/a/sa/b"),
        (["principal", "peer"], of(connection__subject_peer_certificate="CN=a"), "CN=a"),
        (["principal", "local"], of(**{PEER: "a"}), None),
        (["principal_namespace"], of(**{PEER: "spiffe://td/ns/a/sa/b"}), "a"),
        (["principal_namespace"], of(**{PEER: "spiffe://td/x/ns/a/sa/b"}), None),
        (["property", "a.b", 0, None], of(a__b=""), None),
        (["property", "a.b", 1, 500], of(a__b=0), 500),
        (["property", "a.b", 1, 500], of(a__b=7), 7),
        (["property", "a.b", 2, None], of(), False),
        (["address", "a.b"], of(a__b="10.0.0.1:80"), bytes((10, 0, 0, 1))),
        (["address", "a.b"], of(a__b="[::1]:80"), bytes(15) + b"\1"),
        (["address", "a.b"], of(a__b="/var/run/socket"), None),
        (["end_time"], of(request__time=5, request__duration=2), 7),
        (["end_time"], of(request__time=5), None),
        (["response_flags", ["A", "", "C"]], of(response__flags=15), "A,C"),
        (["response_flags", ["A"]], of(), "-"),
    ],
)
def test_a_source_gives(source, request_, value):
    assert read(source, request_) == value


ENDED = {
    "response_headers": [("a", "1"), ("grpc-status", "0"), ("b", "x")],
    "response_trailers": [("grpc-status", "5"), ("a", "2")],
}


@pytest.mark.parametrize(
    ("source", "request_", "value"),
    [
        (["response_headers"], ENDED, {"a": "2", "grpc-status": "5", "b": "x"}),
        (["response_headers"], {}, None),
        (["grpc_status"], ENDED, "5"),
        (["grpc_status"], {"response_headers": [("grpc-status", "3")]}, "3"),
        (["grpc_message"], ENDED, ""),
        (["grpc_message"], {}, None),
        # A route may have rewritten the path; what counts is what was asked for.
        (["path"], of((":path", "/a"), ("x-envoy-original-path", "/b")), "/b"),
    ],
)
def test_a_source_gives_when_the_request_has_ended(source, request_, value):
    assert read(source, request_, REPORT) == value
