"""A verdict as an `envoy.service.auth.v3.CheckResponse`."""

import pytest
from envoy.service.auth.v3.external_auth_pb2 import CheckResponse
from google.protobuf import text_format

from mixer.adapter import Status
from mixer.api.ext_authz_v3.answer import response
from mixer.attribute.bag import PlainMap
from mixer.config.spec import Operation
from mixer.dispatch.verdict import CheckVerdict, Denial, HeaderChange, RouteDirective


def answer(verdict, **sent):
    """The answer, for a request with such headers; `_` in a name stands for `-`."""
    headers = {name.replace("_", "-"): value for name, value in sent.items()}
    return CheckResponse.FromString(response(verdict, PlainMap(None, headers) if sent else None))


def message(text):
    return text_format.Parse(text, CheckResponse())


def test_a_request_may_pass():
    assert answer(CheckVerdict()) == message("status { }")


def test_a_denial_says_who_and_why():
    verdict = CheckVerdict(
        Status(code=7, message="deny.istio-system:no, list.istio-system:not there"),
        decided_by=Denial(rule="shop/deny", handler="deny.istio-system", reason="no"),
    )
    assert answer(verdict) == message("""
        status { code: 7 message: "deny.istio-system:no, list.istio-system:not there" }
        denied_response {
          status { code: Forbidden }
          body: "PERMISSION_DENIED:deny.istio-system:no, list.istio-system:not there"
        }
        dynamic_metadata {
          fields { key: "rule" value { string_value: "shop/deny" } }
          fields { key: "handler" value { string_value: "deny.istio-system" } }
          fields { key: "reason" value { string_value: "no" } }
          fields { key: "code" value { string_value: "PERMISSION_DENIED" } }
        }
    """)


# istio/proxy 1.4: what Envoy itself makes of gRPC codes
CODES = [
    (1, 499, "CANCELLED"),
    (2, 500, "UNKNOWN"),
    (3, 400, "INVALID_ARGUMENT"),
    (4, 504, "DEADLINE_EXCEEDED"),
    (5, 404, "NOT_FOUND"),
    (6, 409, "ALREADY_EXISTS"),
    (7, 403, "PERMISSION_DENIED"),
    (8, 429, "RESOURCE_EXHAUSTED"),
    (9, 400, "FAILED_PRECONDITION"),
    (10, 409, "ABORTED"),
    (11, 400, "OUT_OF_RANGE"),
    (12, 501, "UNIMPLEMENTED"),
    (13, 500, "INTERNAL"),
    (14, 503, "UNAVAILABLE"),
    (15, 500, "DATA_LOSS"),
    (16, 401, "UNAUTHENTICATED"),
    (99, 500, "CODE_99"),
]


@pytest.mark.parametrize(("code", "http", "name"), CODES)
def test_each_code_has_a_status_and_a_name(code, http, name):
    found = answer(CheckVerdict(Status(code=code)))

    assert (found.status.code, found.denied_response.status.code, found.denied_response.body) == (
        code,
        http,
        name,
    )


DIRECT = RouteDirective(
    direct_response_code=302,
    direct_response_body="go there",
    response_headers=(
        HeaderChange("Location", "/login", Operation.REPLACE),
        HeaderChange("Set-Cookie", "a=1", Operation.APPEND),
        HeaderChange("Set-Cookie", "b=2", Operation.APPEND),
    ),
)
DIRECT_ANSWER = """
    status {{ code: {code} }}
    denied_response {{
      status {{ code: Found }}
      headers {{
        header {{ key: "location" value: "/login" }}
        append_action: OVERWRITE_IF_EXISTS_OR_ADD
      }}
      headers {{ header {{ key: "set-cookie" value: "a=1" }} }}
      headers {{ header {{ key: "set-cookie" value: "b=2" }} }}
      body: "go there"
    }}
"""


def test_a_direct_response_is_sent_as_it_is():
    verdict = CheckVerdict(Status(code=16), route_directive=DIRECT)

    assert answer(verdict) == message(DIRECT_ANSWER.format(code=16))


def test_a_direct_response_with_the_code_ok_must_not_let_the_request_pass():
    assert answer(CheckVerdict(route_directive=DIRECT)) == message(DIRECT_ANSWER.format(code=7))


@pytest.mark.parametrize(
    ("code", "wanted"), [(200, 200), (418, 418), (599, 599), (100, 500), (99, 500), (600, 500)]
)
def test_a_direct_response_has_a_status_of_http(code, wanted):
    directive = RouteDirective(direct_response_code=code)

    found = answer(CheckVerdict(Status(code=7), route_directive=directive))

    assert found.denied_response.status.code == wanted


def test_headers_of_a_request_that_passes():
    directive = RouteDirective(
        request_headers=(
            HeaderChange("x-user", "jane", Operation.REPLACE),
            HeaderChange("X-Via", "mixer", Operation.APPEND),
            HeaderChange("x-new", "1", Operation.APPEND),
            HeaderChange("authorization", "", Operation.REMOVE),
        ),
        response_headers=(
            HeaderChange("x-seen", "1", Operation.APPEND),
            HeaderChange("x-powered-by", "", Operation.REMOVE),
        ),
    )

    found = answer(CheckVerdict(route_directive=directive), x_via="edge", x_user="joe")

    assert found == message("""
        status { }
        ok_response {
          headers {
            header { key: "x-user" value: "jane" }
            append_action: OVERWRITE_IF_EXISTS_OR_ADD
          }
          headers { header { key: "x-via" value: "mixer" } append { value: true } }
          headers {
            header { key: "x-new" value: "1" }
            append_action: OVERWRITE_IF_EXISTS_OR_ADD
          }
          headers_to_remove: "authorization"
          response_headers_to_add { header { key: "x-seen" value: "1" } }
          response_headers_to_add {
            header { key: "x-powered-by" }
            append_action: OVERWRITE_IF_EXISTS
          }
        }
    """)


def test_the_same_append_is_another_answer_for_a_request_without_that_header():
    directive = RouteDirective(request_headers=(HeaderChange("x-a", "1", Operation.APPEND),))
    verdict = CheckVerdict(route_directive=directive)

    appended = [answer(verdict, **sent) for sent in ({"x_a": "0"}, {"x_b": "0"}, {}, {"x_a": ""})]

    assert [one.ok_response.headers[0].append.value for one in appended] == [
        True,
        False,
        False,
        True,
    ]


@pytest.mark.parametrize("size", [0, 5_000, 100_000])
def test_long_messages_come_whole(size):
    text = "x" * size

    assert answer(CheckVerdict(Status(code=7, message=text))).status.message == text
