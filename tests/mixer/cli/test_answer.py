from google.protobuf.duration_pb2 import Duration
from google.rpc.status_pb2 import Status as StatusMessage

from mixer.cli.answer import (
    Answer,
    Exchange,
    HeaderChange,
    QuotaAnswer,
    ReferencedAttribute,
    ServerAnswer,
    read_answer,
)
from mixer.status import Status
from protos.mixer.v1.mixer_pb2 import CheckRequest, CheckResponse, ReferencedAttributes
from proxy_client import verdict as client

Match = ReferencedAttributes.AttributeMatch

REQUEST = CheckRequest(
    quotas={
        "requests": CheckRequest.QuotaParams(amount=5),
        "bytes": CheckRequest.QuotaParams(amount=9),
    }
)
RESPONSE = CheckResponse(
    precondition=CheckResponse.PreconditionResult(
        valid_duration=Duration(seconds=1, nanos=500_000_000),
        valid_use_count=7,
        referenced_attributes=ReferencedAttributes(
            words=["x-user", "mine"],
            attribute_matches=[
                Match(name=15, map_key=-1, condition=ReferencedAttributes.EXACT),
                Match(name=-2, condition=ReferencedAttributes.ABSENCE),
                Match(name=-3, condition=ReferencedAttributes.ABSENCE),  # no such word
            ],
        ),
    ),
    quotas={
        "requests": CheckResponse.QuotaResult(
            granted_amount=3,
            valid_duration=Duration(seconds=60),
            status=StatusMessage(code=14, message="try later"),
        )
    },
)
VERDICT = client.Verdict(
    Status(code=16, message="who are you?"),
    client.RouteDirective(
        request_headers=(client.HeaderChange("x-a", "b", client.Operation.REPLACE),),
        response_headers=(client.HeaderChange("x-c", "", client.Operation.REMOVE),),
        direct_response_code=401,
        direct_response_body="log in",
    ),
)
ANSWER = Answer(
    status="UNAUTHENTICATED",
    code=16,
    message="who are you?",
    check_cache_hit=False,
    quota_cache_hit=False,
    header_operations=[
        HeaderChange(on="request", operation="REPLACE", name="x-a", value="b"),
        HeaderChange(on="response", operation="REMOVE", name="x-c", value=""),
    ],
    direct_response_code=401,
    direct_response_body="log in",
    server=None,
)


def test_a_verdict_is_put_in_plain_terms():
    assert read_answer(VERDICT, None) == ANSWER


def test_what_the_server_said_is_put_in_plain_terms_too():
    assert read_answer(VERDICT, Exchange(REQUEST, RESPONSE)).server == ServerAnswer(
        valid_duration="1.5s",
        valid_use_count=7,
        referenced_attributes=[
            ReferencedAttribute(name="mine", key="", condition="ABSENCE"),
            ReferencedAttribute(name="request.headers", key="x-user", condition="EXACT"),
            ReferencedAttribute(name="word -3", key="", condition="ABSENCE"),
        ],
        quotas=[
            # Asked for, but not answered.
            QuotaAnswer(
                name="bytes",
                asked=9,
                granted=0,
                valid_duration="0s",
                status="NOT_ANSWERED",
                message="",
            ),
            QuotaAnswer(
                name="requests",
                asked=5,
                granted=3,
                valid_duration="1m0s",
                status="UNAVAILABLE",
                message="try later",
            ),
        ],
    )


def test_json_has_the_fields_of_the_server_only_if_it_was_asked():
    cached = read_answer(VERDICT, None).to_json()
    asked = read_answer(VERDICT, Exchange(REQUEST, RESPONSE)).to_json()

    assert asked.keys() - cached.keys() == {
        "valid_duration",
        "valid_use_count",
        "referenced_attributes",
        "quotas",
    }
    assert {name: asked[name] for name in cached} == cached
