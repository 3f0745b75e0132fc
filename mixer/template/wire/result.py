"""What handlers return ↔ what back ends answer."""

from dataclasses import fields
from typing import Any, Final

from google.protobuf.message import DecodeError
from google.rpc import status_pb2

from mixer.adapter import CheckResult, DirectHttpResponse, Duration, QuotaResult, Status
from mixer.errors import MixerError
from mixer.template.wire.value import read_duration, write_duration
from protos.mixer.adapter.v1beta1 import model_pb2 as model
from protos.policy.v1beta1 import type_pb2 as wire

_MOST_S: Final = 315_576_000_000.0
"""10,000 years: the longest that google.protobuf.Duration may be."""


class AnswerError(MixerError):
    """A back end answered what is no answer."""


def read_status(message: status_pb2.Status) -> Status:
    """The status, with the first direct response in its details."""
    for detail in message.details:
        response = wire.DirectHttpResponse()
        if detail.Is(response.DESCRIPTOR):
            try:
                detail.Unpack(response)
            except DecodeError as error:
                raise AnswerError("the details of the status can't be read") from error
            direct = DirectHttpResponse(
                code=response.code, body=response.body, headers=dict(response.headers)
            )
            return Status(code=message.code, message=message.message, direct_response=direct)
    return Status(code=message.code, message=message.message)


def write_status(status: Status) -> status_pb2.Status:
    """The opposite of `read_status`."""
    message = status_pb2.Status(code=status.code, message=status.message)
    direct = status.direct_response
    if direct is not None:
        message.details.add().Pack(
            wire.DirectHttpResponse(code=direct.code, body=direct.body, headers=direct.headers)
        )
    return message


def read_check(message: model.CheckResult) -> CheckResult:
    """Raises AnswerError for a negative time or count."""
    valid_s = read_duration(message.valid_duration).seconds
    if valid_s < 0 or message.valid_use_count < 0:
        raise AnswerError("valid_duration and valid_use_count must not be negative")
    return CheckResult(read_status(message.status), valid_s, message.valid_use_count)


def write_check(result: CheckResult) -> model.CheckResult:
    """The opposite of `read_check`."""
    message = model.CheckResult(
        status=write_status(result.status), valid_use_count=result.valid_use_count
    )
    _write_seconds(message.valid_duration, result.valid_duration_s)
    return message


def read_quota(message: model.QuotaResult, name: str) -> QuotaResult:
    """What is granted to the instance of that name; its status is not looked at, as in Mixer 1.4.

    Raises AnswerError when the instance is not named, or a number is negative.
    """
    if name not in message.quotas:
        raise AnswerError(f"the answer has no quota {name}")
    result = message.quotas[name]
    valid_s = read_duration(result.valid_duration).seconds
    if valid_s < 0:
        raise AnswerError("valid_duration must not be negative")
    return QuotaResult(amount=result.granted_amount, valid_duration_s=valid_s)


def write_quota(result: QuotaResult, name: str) -> model.QuotaResult:
    """The opposite of `read_quota`."""
    message = model.QuotaResult()
    entry = message.quotas[name]
    entry.granted_amount = result.amount
    _write_seconds(entry.valid_duration, result.valid_duration_s)
    if result.status.code:
        entry.status.CopyFrom(write_status(result.status))
    return message


def _write_seconds(message: Any, seconds: float) -> None:
    write_duration(message, Duration.from_seconds(min(seconds, _MOST_S)))


def read_output(message: Any, kind: type[Any]) -> Any:
    """What a generator tells: `kind` with the fields that are on the wire, None for others."""
    return kind(**{field.name: _plain(value) for field, value in message.ListFields()})


def _plain(value: Any) -> Any:
    if isinstance(value, wire.IPAddress):
        return value.value
    return dict(value) if hasattr(value, "items") else value


def write_output(output: Any, message: Any) -> None:
    """The opposite of `read_output`."""
    for field in fields(output):
        value = getattr(output, field.name)
        if hasattr(value, "items"):
            getattr(message, field.name).update(value)
        elif isinstance(value, bytes):
            getattr(message, field.name).value = value
        elif value is not None:
            setattr(message, field.name, value)
