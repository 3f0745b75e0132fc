"""envoy.service.auth.v3: bytes in, bytes out, without any transport."""

from contextlib import suppress

import pytest
from envoy.service.auth.v3.external_auth_pb2 import CheckRequest, CheckResponse
from google.protobuf import text_format
from hypothesis import given, settings
from hypothesis import strategies as st

from mixer.adapter import CheckResult, Status
from mixer.api import ext_authz_v3, mixer_v1
from mixer.api.ext_authz_v3.attributes import ROWS
from mixer.api.mapping import MappedBag, readers
from mixer.attribute.bag import StringMap
from mixer.attribute.value import stringify
from mixer.errors import DispatchError, OverloadedError, RequestError
from protos.mixer.v1 import mixer_pb2
from tests.integration.documents import document, handler, instance, rule
from tests.integration.spy import Spy, runtime_of
from tests.integration.wire import check_request

STRINGS = ("request.path", "source.principal", "request.host", "request.body")
HTTP = document(
    "attributemanifest", "http", {"attributes": {name: {"valueType": "STRING"} for name in STRINGS}}
)
RULES = (
    HTTP,
    handler("h"),
    instance("path", "listentry", value='request.path | "none"'),
    rule("r", ("h", "path"), match='source.ip == ip("10.1.2.3")'),
    rule("b", ("back-only", "nothing"), namespace="back"),
    instance("nothing", namespace="back"),
    handler("back-only", namespace="back"),
    rule(
        "user",
        namespace="back",
        match='request.headers["x-pass"] == "yes"',
        requestHeaderOperations=[{"name": "x-who", "values": ["source.principal"]}],
    ),
)

REQUEST = """
  source {
    address { socket_address { address: "10.1.2.3" port_value: 4 } }
    principal: "spiffe://cluster.local/ns/front/sa/shop"
  }
  request { http {
    path: "/books"
    host: "books.example"
    headers { key: "x-pass" value: "yes" }
  } }
  context_extensions { key: "destination.namespace" value: "back" }
"""


def request(text=REQUEST):
    message = CheckRequest()
    text_format.Parse(text, message.attributes)
    return message.SerializeToString()


def answer(spy, data, admit=lambda _cost: None):
    return CheckResponse.FromString(
        ext_authz_v3.check(data, runtime_of(spy, *RULES).dispatcher, admit)
    )


NO = CheckResult(status=Status(code=16, message="who are you?"))


def test_a_denial():
    spy = Spy(answers={"h.istio-system": NO})

    assert answer(spy, request()) == text_format.Parse(
        """
        status { code: 16 message: "h.istio-system:who are you?" }
        denied_response {
          status { code: Unauthorized }
          body: "UNAUTHENTICATED:h.istio-system:who are you?"
        }
        dynamic_metadata {
          fields { key: "rule" value { string_value: "istio-system/r" } }
          fields { key: "handler" value { string_value: "h.istio-system" } }
          fields { key: "reason" value { string_value: "who are you?" } }
          fields { key: "code" value { string_value: "UNAUTHENTICATED" } }
        }
        """,
        CheckResponse(),
    )
    assert [one.value for one in spy.asked("h.istio-system")] == ["/books"]


def test_a_request_that_passes_takes_headers_along():
    assert answer(Spy(), request()) == text_format.Parse(
        """
        status { }
        ok_response { headers {
          header { key: "x-who" value: "cluster.local/ns/front/sa/shop" }
          append_action: OVERWRITE_IF_EXISTS_OR_ADD
        } }
        """,
        CheckResponse(),
    )


@pytest.mark.parametrize(
    ("extensions", "asked"),
    [
        ("", 0),
        ('context_extensions { key: "destination.namespace" value: "back" }', 1),
        ('context_extensions { key: "destination.namespace" value: "front" }', 0),
        # what Istio's proxies at the client's side said
        (
            """
            context_extensions { key: "context.reporter.kind" value: "outbound" }
            context_extensions { key: "source.namespace" value: "back" }
            """,
            1,
        ),
    ],
)
def test_extensions_say_whose_rules_apply(extensions, asked):
    spy = Spy()
    answer(spy, request(extensions))

    assert len(spy.asked("back-only.back")) == asked


def test_without_an_answer_the_call_fails():
    spy = Spy(answers={"h.istio-system": ValueError("no route")})

    with pytest.raises(DispatchError, match="no route"):
        answer(spy, request())


def test_a_refused_request_is_not_looked_at():
    def refuse(cost):
        assert cost == 1
        raise OverloadedError

    spy = Spy()
    with pytest.raises(OverloadedError):
        answer(spy, request(), refuse)
    assert spy.calls == []


def test_no_bytes_are_an_empty_request():
    assert answer(Spy(), b"") == CheckResponse(status={})


@pytest.mark.parametrize("data", [b"\x0a\xff", b"garbage", b"\x00", b"\x0a\x03\x12\x01\xff"])
def test_bytes_that_are_no_request_are_refused(data):
    with pytest.raises(RequestError, match="^error unmarshalling request: "):
        answer(Spy(), data)


@settings(max_examples=300)
@given(st.binary(max_size=200))
def test_any_bytes_are_a_request_or_refused(data):
    with suppress(RequestError):
        answer_of_nobody(data)


@settings(max_examples=300)
@given(st.binary(max_size=60), st.integers(0, 200))
def test_a_spoilt_request_is_a_request_or_refused(noise, place):
    whole = request()
    with suppress(RequestError):
        answer_of_nobody(whole[:place] + noise + whole[place + len(noise) :])


DISPATCHER = runtime_of(Spy(), *RULES).dispatcher
READERS = readers(*ROWS)


def answer_of_nobody(data):
    """Answers, and then reads every attribute that there could be."""
    ext_authz_v3.check(data, DISPATCHER)
    bag = MappedBag(CheckRequest.FromString(data), READERS)
    for name in READERS:
        value = bag[name]
        stringify(value.entries if isinstance(value, StringMap) else value)


def test_a_body_of_a_megabyte_is_read():
    size = 1 << 20
    message = CheckRequest()
    message.attributes.request.http.body = "x" * size

    bag = MappedBag(CheckRequest.FromString(message.SerializeToString()), READERS)

    assert bag["request.body"] == "x" * size


SAME = {
    "source.ip": bytes([10, 1, 2, 3]),
    "source.principal": "cluster.local/ns/front/sa/shop",
    "request.path": "/books",
    "request.host": "books.example",
    "request.headers": {"x-pass": "yes"},
    "destination.namespace": "back",
}


@pytest.mark.parametrize("result", [CheckResult(), NO], ids=["pass", "deny"])
def test_one_request_has_one_verdict_at_both_doors(result):
    spy = Spy(answers={"h.istio-system": result})
    dispatcher = runtime_of(spy, *RULES).dispatcher

    by_mixer = mixer_pb2.CheckResponse.FromString(
        mixer_v1.check(check_request(SAME), dispatcher)
    ).precondition
    by_envoy = CheckResponse.FromString(ext_authz_v3.check(request(), dispatcher))

    assert (by_envoy.status.code, by_envoy.status.message) == (
        by_mixer.status.code,
        by_mixer.status.message,
    )
    assert [(one.header.key, one.header.value) for one in by_envoy.ok_response.headers] == [
        (one.name, one.value) for one in by_mixer.route_directive.request_header_operations
    ]
    once, again = spy.calls[: len(spy.calls) // 2], spy.calls[len(spy.calls) // 2 :]
    assert once == again
    assert [name for name, _ in once] == ["h.istio-system", "back-only.back"]
