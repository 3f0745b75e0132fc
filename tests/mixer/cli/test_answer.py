from google.protobuf.duration_pb2 import Duration
from google.rpc.status_pb2 import Status

from mixer.cli.answer import (
    Answer,
    HeaderChange,
    QuotaAnswer,
    ReferencedAttribute,
    read_answer,
)
from protos.mixer.v1.mixer_pb2 import (
    CheckRequest,
    CheckResponse,
    HeaderOperation,
    ReferencedAttributes,
    RouteDirective,
)

Match = ReferencedAttributes.AttributeMatch


def test_words_codes_and_durations_are_put_in_plain_terms():
    request = CheckRequest(
        quotas={
            "requests": CheckRequest.QuotaParams(amount=5),
            "bytes": CheckRequest.QuotaParams(amount=9),
        }
    )
    response = CheckResponse(
        precondition=CheckResponse.PreconditionResult(
            status=Status(code=16, message="who are you?"),
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
            route_directive=RouteDirective(
                request_header_operations=[HeaderOperation(name="x-a", value="b")],
                response_header_operations=[
                    HeaderOperation(name="x-c", operation=HeaderOperation.REMOVE)
                ],
                direct_response_code=401,
                direct_response_body="log in",
            ),
        ),
        quotas={
            "requests": CheckResponse.QuotaResult(
                granted_amount=3,
                valid_duration=Duration(seconds=60),
                status=Status(code=14, message="try later"),
            )
        },
    )

    assert read_answer(request, response) == Answer(
        status="UNAUTHENTICATED",
        code=16,
        message="who are you?",
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
        header_operations=[
            HeaderChange(on="request", operation="REPLACE", name="x-a", value="b"),
            HeaderChange(on="response", operation="REMOVE", name="x-c", value=""),
        ],
        direct_response_code=401,
        direct_response_body="log in",
    )


def answer(*, code=0, asked=1, granted=1):
    return read_answer(
        CheckRequest(quotas={"q": CheckRequest.QuotaParams(amount=asked)}),
        CheckResponse(
            precondition=CheckResponse.PreconditionResult(status=Status(code=code)),
            quotas={"q": CheckResponse.QuotaResult(granted_amount=granted)},
        ),
    )


def test_a_request_may_pass_when_nothing_denies_it_and_it_gets_some_of_each_quota():
    assert answer().is_allowed
    assert answer(asked=5, granted=1).is_allowed
    assert answer(asked=-1, granted=0).is_allowed  # gives quota back
    assert not answer(granted=0).is_allowed
    assert not answer(code=7).is_allowed
