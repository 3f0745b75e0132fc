"""A CheckResponse in plain values: words looked up, codes by name, durations in Go's form."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final

from google.protobuf.duration_pb2 import Duration as WireDuration

from mixer.attribute.dictionary import GLOBAL_WORDS
from mixer.attribute.value import Duration
from mixer.status import Code, code_name
from protos.mixer.v1.mixer_pb2 import (
    CheckRequest,
    CheckResponse,
    HeaderOperation,
    ReferencedAttributes,
    RouteDirective,
)

_NS_PER_S: Final = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferencedAttribute:
    """One attribute, or one key of a map attribute, that the verdict depends on."""

    name: str
    key: str
    """Empty for the attribute itself."""
    condition: str
    """`ABSENCE` or `EXACT`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotaAnswer:
    """What became of one quota that was asked for."""

    name: str
    asked: int
    granted: int
    valid_duration: str
    status: str
    """The name of the rpc code; NOT_ANSWERED when the request was denied before."""
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderChange:
    """What the proxy is told to do to one header."""

    on: str
    """`request` or `response`."""
    operation: str
    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The verdict on one Check."""

    status: str
    """The name of the rpc code, such as `OK`."""
    code: int
    message: str
    valid_duration: str
    valid_use_count: int
    referenced_attributes: Sequence[ReferencedAttribute]
    quotas: Sequence[QuotaAnswer]
    header_operations: Sequence[HeaderChange]
    direct_response_code: int
    """The HTTP status that the proxy is to answer itself; 0 for none."""
    direct_response_body: str

    @property
    def is_allowed(self) -> bool:
        """Whether a proxy would let the request pass: no denial, and some of every quota."""
        return self.code == Code.OK and not any(
            quota.asked > 0 and quota.granted <= 0 for quota in self.quotas
        )

    def to_json(self) -> Mapping[str, object]:
        """All fields under their names."""
        return asdict(self)


def read_answer(request: CheckRequest, response: CheckResponse) -> Answer:
    """The plain form of the `response` to `request`."""
    precondition = response.precondition
    directive = precondition.route_directive
    return Answer(
        status=code_name(precondition.status.code),
        code=precondition.status.code,
        message=precondition.status.message,
        valid_duration=_duration_text(precondition.valid_duration),
        valid_use_count=precondition.valid_use_count,
        referenced_attributes=_references(precondition.referenced_attributes),
        quotas=[_quota(name, request, response) for name in sorted(request.quotas)],
        header_operations=_header_changes(directive),
        direct_response_code=directive.direct_response_code,
        direct_response_body=directive.direct_response_body,
    )


def _quota(name: str, request: CheckRequest, response: CheckResponse) -> QuotaAnswer:
    # A denied Check has no answers for quotas; reading an absent entry would add it.
    is_answered = name in response.quotas
    result = response.quotas[name] if is_answered else CheckResponse.QuotaResult()
    return QuotaAnswer(
        name=name,
        asked=request.quotas[name].amount,
        granted=result.granted_amount,
        valid_duration=_duration_text(result.valid_duration),
        status=code_name(result.status.code) if is_answered else "NOT_ANSWERED",
        message=result.status.message,
    )


def _duration_text(duration: WireDuration) -> str:
    return str(Duration(duration.seconds * _NS_PER_S + duration.nanos))


def _references(referenced: ReferencedAttributes) -> list[ReferencedAttribute]:
    def word(index: int) -> str:
        words: Sequence[str] = referenced.words if index < 0 else GLOBAL_WORDS
        position = ~index if index < 0 else index
        return words[position] if position < len(words) else f"word {index}"

    found = [
        ReferencedAttribute(
            name=word(match.name),
            key=word(match.map_key) if match.map_key else "",
            condition=ReferencedAttributes.Condition.Name(match.condition),
        )
        for match in referenced.attribute_matches
    ]
    return sorted(found, key=lambda one: (one.name, one.key))


def _header_changes(directive: RouteDirective) -> list[HeaderChange]:
    sides: Mapping[str, Iterable[HeaderOperation]] = {
        "request": directive.request_header_operations,
        "response": directive.response_header_operations,
    }
    return [
        HeaderChange(
            on=side,
            operation=HeaderOperation.Operation.Name(change.operation),
            name=change.name,
            value=change.value,
        )
        for side, changes in sides.items()
        for change in changes
    ]
