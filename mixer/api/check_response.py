"""From a verdict to the bytes of a CheckResponse.

The same few verdicts go out again and again, so their parts are kept as bytes, and an answer is put
together from such parts: in the wire form, a message is just its fields one after the other.
"""

from functools import lru_cache
from typing import Final

from google.protobuf.duration_pb2 import Duration
from google.rpc.status_pb2 import Status as StatusMessage

from mixer.attribute.referenced import encode_references
from mixer.dispatch.verdict import CheckVerdict, HeaderChange, QuotaVerdict, RouteDirective
from protos.mixer.v1 import mixer_pb2

_PRECONDITION: Final = b"\x12"  # CheckResponse.precondition = 2
_QUOTAS: Final = b"\x1a"  # CheckResponse.quotas = 3
_KEY: Final = b"\x0a"  # key of a map entry = 1
_VALUE: Final = b"\x12"  # value of a map entry = 2
_REFERENCED: Final = b"\x2a"  # referenced_attributes = 5, in both kinds of result
_DIRECTIVE: Final = b"\x32"  # PreconditionResult.route_directive = 6
_NS_PER_S: Final = 1_000_000_000
_MAX_KEPT_CHARS: Final = 512
"""Messages can quote what a client sent; longer ones are not worth the memory."""
_LENGTHS: Final = tuple(bytes([length]) for length in range(128))


def response(verdict: CheckVerdict, global_word_count: int) -> bytes:
    """The serialized CheckResponse, for a client that knows so many global words."""
    status = verdict.status
    encode = _kept_precondition if len(status.message) <= _MAX_KEPT_CHARS else _precondition
    parts = encode(status.code, status.message, verdict.valid_duration_s, verdict.valid_use_count)
    references = encode_references(verdict.references, global_word_count)
    parts += _REFERENCED + _length(references) + references
    if verdict.route_directive is not None:
        directive = _directive(verdict.route_directive)
        parts += _DIRECTIVE + _length(directive) + directive
    answer = _PRECONDITION + _length(parts) + parts
    for name, quota in verdict.quotas.items():
        entry = _quota_entry(name, quota, global_word_count)
        answer += _QUOTAS + _length(entry) + entry
    return answer


def _length(data: bytes) -> bytes:
    length = len(data)
    if length < 128:
        return _LENGTHS[length]
    encoded = bytearray()
    while length > 127:
        encoded.append(length & 127 | 128)
        length >>= 7
    encoded.append(length)
    return bytes(encoded)


def _precondition(code: int, message: str, duration_s: float, use_count: int) -> bytes:
    return mixer_pb2.CheckResponse.PreconditionResult(
        status=StatusMessage(code=code, message=message),
        valid_duration=_duration(duration_s),
        valid_use_count=use_count,
    ).SerializeToString()


_kept_precondition = lru_cache(maxsize=1024)(_precondition)


def _duration(seconds: float) -> Duration:
    whole, nanos = divmod(round(seconds * _NS_PER_S), _NS_PER_S)
    return Duration(seconds=whole, nanos=nanos)


def _quota_entry(name: str, quota: QuotaVerdict, global_word_count: int) -> bytes:
    status = quota.status
    encode = _kept_quota_result if len(status.message) <= _MAX_KEPT_CHARS else _quota_result
    result = encode(quota.amount, quota.valid_duration_s, status.code, status.message)
    references = encode_references(quota.references, global_word_count)
    result += _REFERENCED + _length(references) + references
    key = name.encode()
    return _KEY + _length(key) + key + _VALUE + _length(result) + result


def _quota_result(amount: int, duration_s: float, code: int, message: str) -> bytes:
    result = mixer_pb2.CheckResponse.QuotaResult(
        valid_duration=_duration(duration_s), granted_amount=amount
    )
    if code:
        result.status.CopyFrom(StatusMessage(code=code, message=message))
    return result.SerializeToString()


_kept_quota_result = lru_cache(maxsize=1024)(_quota_result)


def _directive(directive: RouteDirective) -> bytes:
    return mixer_pb2.RouteDirective(
        request_header_operations=map(_header, directive.request_headers),
        response_header_operations=map(_header, directive.response_headers),
        direct_response_code=directive.direct_response_code,
        direct_response_body=directive.direct_response_body,
    ).SerializeToString()


def _header(change: HeaderChange) -> mixer_pb2.HeaderOperation:
    return mixer_pb2.HeaderOperation(
        name=change.name, value=change.value, operation=change.operation.value
    )
