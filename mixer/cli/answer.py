"""A verdict in plain values, with what the server's answer says beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final, NamedTuple

from google.protobuf.duration_pb2 import Duration as WireDuration

from mixer.attribute.dictionary import GLOBAL_WORDS
from mixer.attribute.value import Duration
from mixer.status import code_name
from protos.mixer.v1.mixer_pb2 import CheckRequest, CheckResponse, ReferencedAttributes
from proxy_client.verdict import RouteDirective, Verdict

_NS_PER_S: Final = 1_000_000_000


class Exchange(NamedTuple):
    """One call, and what the server answered."""

    request: CheckRequest
    response: CheckResponse


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
class ServerAnswer:
    """What only the server says."""

    valid_duration: str = ""
    valid_use_count: int = 0
    referenced_attributes: Sequence[ReferencedAttribute] = ()
    quotas: Sequence[QuotaAnswer] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The verdict on one Check."""

    status: str
    """The name of the rpc code, such as `OK`."""
    code: int
    message: str
    check_cache_hit: bool
    quota_cache_hit: bool
    header_operations: Sequence[HeaderChange]
    direct_response_code: int
    """The HTTP status that the proxy is to answer itself; 0 for none."""
    direct_response_body: str
    server: ServerAnswer | None
    """None when the server was not asked."""

    def to_json(self) -> Mapping[str, object]:
        """All fields under their names, in one object; those of the server only if it was asked."""
        fields = asdict(self)
        return fields | (fields.pop("server") or {})


def read_answer(verdict: Verdict, exchange: Exchange | None) -> Answer:
    """The plain form of a verdict, and of the exchange that brought it if there was one."""
    directive = verdict.directive or RouteDirective()
    return Answer(
        status=code_name(verdict.status.code),
        code=verdict.status.code,
        message=verdict.status.message,
        check_cache_hit=verdict.check_cache_hit,
        quota_cache_hit=verdict.quota_cache_hit,
        header_operations=_header_changes(directive),
        direct_response_code=directive.direct_response_code,
        direct_response_body=directive.direct_response_body,
        server=None if exchange is None else _server_answer(*exchange),
    )


def _server_answer(request: CheckRequest, response: CheckResponse) -> ServerAnswer:
    precondition = response.precondition
    return ServerAnswer(
        valid_duration=_duration_text(precondition.valid_duration),
        valid_use_count=precondition.valid_use_count,
        referenced_attributes=_references(precondition.referenced_attributes),
        quotas=[_quota(name, request, response) for name in sorted(request.quotas)],
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
    sides = {"request": directive.request_headers, "response": directive.response_headers}
    return [
        HeaderChange(on=side, operation=change.operation.name, name=change.name, value=change.value)
        for side, changes in sides.items()
        for change in changes
    ]
