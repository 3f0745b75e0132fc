"""What a service said, as a result. Every field is checked; unknown ones are let pass."""

import json
from collections.abc import Mapping
from typing import Any

from adapters.call_out import AnswerError
from mixer.adapter import (
    CheckResult,
    Code,
    DirectHttpResponse,
    Duration,
    QuotaResult,
    Status,
    fits_int32,
)


def check_result(data: Mapping[str, Any]) -> CheckResult:
    """`{"allow": …}` as a result; raises AnswerError."""
    if "allow" not in data:
        raise AnswerError("allow is missing")
    uses = _get(data, "uses", int, 0)
    if uses < 0 or not fits_int32(uses):
        raise AnswerError("uses: want a number from 0 to 2147483647")
    return CheckResult(_status(data), _seconds(data), uses)


def quota_result(data: Mapping[str, Any]) -> QuotaResult:
    """`{"granted": …}` as a result; raises AnswerError."""
    if "granted" not in data:
        raise AnswerError("granted is missing")
    return QuotaResult(amount=_get(data, "granted", int, 0), valid_duration_s=_seconds(data))


def _status(data: Mapping[str, Any]) -> Status:
    message = _get(data, "message", str, "")
    if _get(data, "allow", bool, False):
        return Status(message=message)
    name = _get(data, "code", str, Code.PERMISSION_DENIED.name)
    if name not in Code.__members__ or name == Code.OK.name:
        raise AnswerError(f"code: want a code of gRPC that is an error, got {name!r}")
    return Status(code=Code[name], message=message, direct_response=_response(data))


def _response(data: Mapping[str, Any]) -> DirectHttpResponse | None:
    given = data.get("response")
    if given is None:
        return None
    if not isinstance(given, dict):
        raise AnswerError("response: want an object")
    code = _get(given, "status", int, 0)
    if code and not 200 <= code <= 599:
        raise AnswerError("response.status: want an HTTP status from 200 to 599")
    headers = _get(given, "headers", dict, {})
    if not all(isinstance(value, str) for value in headers.values()):
        raise AnswerError("response.headers: want strings")
    return DirectHttpResponse(code=code, body=_get(given, "body", str, ""), headers=headers)


def _seconds(data: Mapping[str, Any]) -> float:
    text = _get(data, "validFor", str, "0s")
    try:
        duration = Duration.parse(text)
    except ValueError as error:
        raise AnswerError(f"validFor: {error}") from error
    if duration < 0:
        raise AnswerError("validFor: must not be negative")
    return duration.seconds


def _get(data: Mapping[str, Any], name: str, kind: type[Any], default: Any) -> Any:
    """A field of exactly this type: a boolean is no number."""
    value = data.get(name)
    if value is None:
        return default
    if type(value) is not kind:
        raise AnswerError(f"{name}: want {_NAMES[kind]}, got {json.dumps(value)[:60]}")
    return value


_NAMES = {bool: "true or false", int: "an integer", str: "a string", dict: "an object"}
