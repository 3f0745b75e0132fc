"""From a verdict to the bytes of a CheckResponse.

The same few verdicts go out again and again, so their parts are kept as bytes, and an answer is put
together from such parts: in the wire form, a message is just its fields one after the other.
"""

from collections.abc import Callable
from typing import Any, Final

from google.protobuf.duration_pb2 import Duration
from google.rpc.status_pb2 import Status as StatusMessage

from mixer.attribute.bag import Reference
from mixer.attribute.kept import Kept
from mixer.attribute.referenced import referenced_attributes
from mixer.dispatch.verdict import CheckVerdict, HeaderChange, RouteDirective
from protos.mixer.v1 import mixer_pb2

_PRECONDITION: Final = b"\x12"  # CheckResponse.precondition = 2
_QUOTAS: Final = b"\x1a"  # CheckResponse.quotas = 3
_KEY: Final = b"\x0a"  # key of a map entry = 1
_VALUE: Final = b"\x12"  # value of a map entry = 2
_DIRECTIVE: Final = b"\x32"  # PreconditionResult.route_directive = 6
_NS_PER_S: Final = 1_000_000_000
_MAX_KEPT: Final = 4096
_MAX_KEPT_BYTES: Final = 2048
"""Messages and map keys can quote what a client sent; longer ones are not worth the memory."""
_LENGTHS: Final = tuple(bytes([length]) for length in range(128))


def response(verdict: CheckVerdict, global_word_count: int) -> bytes:
    """The serialized CheckResponse, for a client that knows so many global words."""
    status = verdict.status
    answer = _kept_parts[
        _precondition,
        (status.code, status.message, verdict.valid_duration_s, verdict.valid_use_count),
        verdict.references,
        global_word_count,
    ]
    if verdict.route_directive is not None:
        # A message in two parts: what reads it merges them.
        answer += _field(_PRECONDITION, _field(_DIRECTIVE, _directive(verdict.route_directive)))
    for name, quota in verdict.quotas.items():
        result = quota.status
        answer += _kept_parts[
            _quota_entry,
            (name, quota.amount, quota.valid_duration_s, result.code, result.message),
            quota.references,
            global_word_count,
        ]
    return answer


def _field(tag: bytes, data: bytes) -> bytes:
    length = len(data)
    if length < 128:
        return tag + _LENGTHS[length] + data
    encoded = bytearray()
    while length > 127:
        encoded.append(length & 127 | 128)
        length >>= 7
    encoded.append(length)
    return tag + bytes(encoded) + data


def _precondition(
    facts: tuple[int, str, float, int], references: tuple[Reference, ...], global_word_count: int
) -> bytes:
    code, message, duration_s, use_count = facts
    result = mixer_pb2.CheckResponse.PreconditionResult(
        status=StatusMessage(code=code, message=message),
        valid_duration=_duration(duration_s),
        valid_use_count=use_count,
        referenced_attributes=referenced_attributes(references, global_word_count),
    )
    return _field(_PRECONDITION, result.SerializeToString())


def _quota_entry(
    facts: tuple[str, int, float, int, str],
    references: tuple[Reference, ...],
    global_word_count: int,
) -> bytes:
    name, amount, duration_s, code, message = facts
    result = mixer_pb2.CheckResponse.QuotaResult(
        valid_duration=_duration(duration_s),
        granted_amount=amount,
        referenced_attributes=referenced_attributes(references, global_word_count),
    )
    if code:
        result.status.CopyFrom(StatusMessage(code=code, message=message))
    entry = _field(_KEY, name.encode()) + _field(_VALUE, result.SerializeToString())
    return _field(_QUOTAS, entry)


def _duration(seconds: float) -> Duration:
    whole, nanos = divmod(round(seconds * _NS_PER_S), _NS_PER_S)
    return Duration(seconds=whole, nanos=nanos)


_Encode = Callable[[Any, tuple[Reference, ...], int], bytes]
_What = tuple[_Encode, tuple[Any, ...], tuple[Reference, ...], int]


def _encode_part(what: _What) -> bytes:
    encode, facts, references, global_word_count = what
    return encode(facts, references, global_word_count)


def _is_short(_what: _What, data: bytes) -> bool:
    return len(data) <= _MAX_KEPT_BYTES


_kept_parts: Final = Kept(_encode_part, _MAX_KEPT, _is_short)
"""The bytes of the parts that went out lately, by what they say."""


def _directive(directive: RouteDirective) -> bytes:
    return mixer_pb2.RouteDirective(
        request_header_operations=map(_header, directive.request_headers),
        response_header_operations=map(_header, directive.response_headers),
        direct_response_code=directive.direct_response_code,
        direct_response_body=directive.direct_response_body,
    ).SerializeToString()


def _header(change: HeaderChange) -> mixer_pb2.HeaderOperation:
    return mixer_pb2.HeaderOperation(
        name=change.name, value=change.value, operation=change.operation.name
    )
