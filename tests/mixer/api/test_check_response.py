"""A verdict as bytes, read back by the protobuf library."""

import pytest

from mixer.adapter import Status
from mixer.api.check_response import response
from mixer.attribute.bag import Reference
from mixer.attribute.dictionary import GLOBAL_WORDS
from mixer.config.spec import Operation
from mixer.dispatch.verdict import CheckVerdict, HeaderChange, QuotaVerdict, RouteDirective
from protos.mixer.v1.mixer_pb2 import CheckResponse, HeaderOperation, ReferencedAttributes

ALL_WORDS = len(GLOBAL_WORDS)


def decoded(verdict, global_word_count=ALL_WORDS):
    return CheckResponse.FromString(response(verdict, global_word_count))


@pytest.mark.parametrize("code", [0, 7, 16, 99])
@pytest.mark.parametrize("message", ["", "no", "ä" * 100, "x" * 600, "x" * 70_000])
@pytest.mark.parametrize(("duration_s", "uses"), [(0.0, 0), (60.0, 10_000), (0.5, 1), (1e9, 10**9)])
def test_status_and_durations(code, message, duration_s, uses):
    precondition = decoded(
        CheckVerdict(Status(code=code, message=message), duration_s, uses)
    ).precondition
    assert (precondition.status.code, precondition.status.message) == (code, message)
    assert precondition.valid_duration.ToNanoseconds() == round(duration_s * 1e9)
    assert precondition.valid_use_count == uses


def test_details_of_a_status_are_not_sent():
    assert len(decoded(CheckVerdict(Status(code=7))).precondition.status.details) == 0


def test_a_directive_has_changes_of_both_kinds_of_headers():
    directive = RouteDirective(
        request_headers=(HeaderChange("a", "1", Operation.REPLACE),),
        response_headers=(
            HeaderChange("b", "", Operation.REMOVE),
            HeaderChange("C", "3", Operation.APPEND),
        ),
        direct_response_code=302,
        direct_response_body="go",
    )
    sent = decoded(CheckVerdict(route_directive=directive)).precondition.route_directive
    assert list(sent.request_header_operations) == [HeaderOperation(name="a", value="1")]
    assert list(sent.response_header_operations) == [
        HeaderOperation(name="b", operation=HeaderOperation.REMOVE),
        HeaderOperation(name="C", value="3", operation=HeaderOperation.APPEND),
    ]
    assert (sent.direct_response_code, sent.direct_response_body) == (302, "go")


def test_without_a_directive_there_is_no_field_for_it():
    assert not decoded(CheckVerdict()).precondition.HasField("route_directive")


def words_of(references, global_word_count):
    """Each reference with its words spelt out, and the words that the message brings itself."""
    sent = decoded(CheckVerdict(references=references), global_word_count).precondition
    referenced = sent.referenced_attributes

    def word(index):
        return referenced.words[~index] if index < 0 else GLOBAL_WORDS[index]

    found = [
        (word(m.name), word(m.map_key) if m.map_key else None, m.condition)
        for m in referenced.attribute_matches
    ]
    return found, list(referenced.words)


REFERENCES = (
    Reference("source.name", None, True),  # global word 2
    Reference("request.headers", "x-id", False),  # 15
    Reference("context.reporter.kind", None, False),  # 201
    Reference("my.own", "x-id", True),
)
EXACT, ABSENCE = ReferencedAttributes.EXACT, ReferencedAttributes.ABSENCE


@pytest.mark.parametrize(
    ("count", "own"),
    [
        (ALL_WORDS, ["x-id", "my.own"]),
        (201, ["x-id", "context.reporter.kind", "my.own"]),
        (2, ["source.name", "request.headers", "x-id", "context.reporter.kind", "my.own"]),
        (0, ["source.name", "request.headers", "x-id", "context.reporter.kind", "my.own"]),
    ],
)
def test_references_use_the_global_words_that_the_client_knows(count, own):
    assert words_of(REFERENCES, count) == (
        [
            ("source.name", None, EXACT),
            ("request.headers", "x-id", ABSENCE),
            ("context.reporter.kind", None, ABSENCE),
            ("my.own", "x-id", EXACT),
        ],
        own,
    )


def test_each_quota_has_its_own_words():
    first = QuotaVerdict(5, 1.5, references=(Reference("my.own", None, True),))
    second = QuotaVerdict(
        0, 0.0, Status(code=8, message="used up"), (Reference("other", None, False),)
    )
    sent = decoded(CheckVerdict(quotas={"a": first, "b": second}), 0).quotas
    assert {
        name: (
            quota.granted_amount,
            quota.valid_duration.ToMilliseconds(),
            (quota.status.code, quota.status.message),
            list(quota.referenced_attributes.words),
        )
        for name, quota in sent.items()
    } == {"a": (5, 1500, (0, ""), ["my.own"]), "b": (0, 0, (8, "used up"), ["other"])}


def test_many_quotas_with_long_names_are_all_there():
    quotas = {f"{'quota' * 60}-{n}": QuotaVerdict(n, 60.0) for n in range(200)}
    sent = decoded(CheckVerdict(quotas=quotas)).quotas
    assert {name: quota.granted_amount for name, quota in sent.items()} == {
        name: quota.amount for name, quota in quotas.items()
    }


def test_many_references_are_all_there():
    keys = [f"header-{n}" * 20 for n in range(500)]
    references = tuple(Reference("request.headers", key, True) for key in keys)
    found, _ = words_of(references, ALL_WORDS)
    assert [key for _, key, _ in found] == keys
