"""Adapter `denier`: the same answer to everybody, a denial unless configured otherwise.

After istio 1.4 `mixer/adapter/denier`. A quota is answered with nothing granted.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

from mixer.adapter import (
    CheckResult,
    Code,
    DirectHttpResponse,
    Duration,
    Env,
    Info,
    InstanceType,
    ParamError,
    QuotaArgs,
    QuotaResult,
    Status,
    fits_int32,
)
from mixer.template import checknothing, listentry, quota

_DIRECT_RESPONSE: Final = "istio.policy.v1beta1.DirectHttpResponse"
_NO_QUOTA: Final = QuotaResult()
_FIVE_SECONDS: Final = Duration.parse("5s")


class HttpStatusCode(IntEnum):
    """HTTP status codes by the names of istio.policy.v1beta1; other numbers are members too."""

    Empty = 0
    Continue = 100
    OK = 200
    Created = 201
    Accepted = 202
    NonAuthoritativeInformation = 203
    NoContent = 204
    ResetContent = 205
    PartialContent = 206
    MultiStatus = 207
    AlreadyReported = 208
    IMUsed = 226
    MultipleChoices = 300
    MovedPermanently = 301
    Found = 302
    SeeOther = 303
    NotModified = 304
    UseProxy = 305
    TemporaryRedirect = 307
    PermanentRedirect = 308
    BadRequest = 400
    Unauthorized = 401
    PaymentRequired = 402
    Forbidden = 403
    NotFound = 404
    MethodNotAllowed = 405
    NotAcceptable = 406
    ProxyAuthenticationRequired = 407
    RequestTimeout = 408
    Conflict = 409
    Gone = 410
    LengthRequired = 411
    PreconditionFailed = 412
    PayloadTooLarge = 413
    URITooLong = 414
    UnsupportedMediaType = 415
    RangeNotSatisfiable = 416
    ExpectationFailed = 417
    MisdirectedRequest = 421
    UnprocessableEntity = 422
    Locked = 423
    FailedDependency = 424
    UpgradeRequired = 426
    PreconditionRequired = 428
    TooManyRequests = 429
    RequestHeaderFieldsTooLarge = 431
    InternalServerError = 500
    NotImplemented = 501
    BadGateway = 502
    ServiceUnavailable = 503
    GatewayTimeout = 504
    HTTPVersionNotSupported = 505
    VariantAlsoNegotiates = 506
    InsufficientStorage = 507
    LoopDetected = 508
    NotExtended = 510
    NetworkAuthenticationRequired = 511

    @classmethod
    def _missing_(cls, value: object) -> "HttpStatusCode | None":
        # The proto enum is open: a number without a name, such as 451, is a status all the same.
        if not isinstance(value, int) or not 100 <= value <= 599:
            return None
        member = int.__new__(cls, value)
        member._name_ = str(value)
        member._value_ = value
        return member


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """More about a status: an HTTP response that the proxy sends as it stands."""

    type: str = field(default="", metadata={"name": "@type"})
    """`type.googleapis.com/istio.policy.v1beta1.DirectHttpResponse`; nothing else is known."""
    code: HttpStatusCode = HttpStatusCode.Empty
    """Name or number; without one, the HTTP status that belongs to the status code."""
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusParams:
    """A google.rpc.Status."""

    code: int = Code.FAILED_PRECONDITION
    """0 lets everybody pass."""
    message: str = ""
    details: tuple[Detail, ...] = ()
    """At most one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """What a denier answers."""

    status: StatusParams = field(default_factory=StatusParams)
    valid_duration: Duration = _FIVE_SECONDS
    """How long clients may use the answer again."""
    valid_use_count: int = 1000
    """How often clients may use the answer again."""


class Handler:
    """Answers every check with one prepared result."""

    def __init__(self, result: CheckResult) -> None:
        self._result = result

    def handle_checknothing(self, _instance: checknothing.Instance) -> CheckResult:
        """The configured answer."""
        return self._result

    def handle_listentry(self, _instance: listentry.Instance) -> CheckResult:
        """The configured answer."""
        return self._result

    def handle_quota(self, _instance: quota.Instance, _args: QuotaArgs) -> QuotaResult:
        """Nothing granted; status OK, as in Mixer, so that another handler's grant wins."""
        return _NO_QUOTA


def _validate(params: Params, _instances: Mapping[str, InstanceType]) -> Iterable[ParamError]:
    details = params.status.details
    for index, detail in enumerate(details):
        if detail.type.rpartition("/")[2] != _DIRECT_RESPONSE:
            yield ParamError(
                field=f"status.details[{index}].@type",
                message=f"unknown type {detail.type!r}, only {_DIRECT_RESPONSE} is understood",
            )
    if len(details) > 1:
        yield ParamError(field="status.details", message="more than one direct response")
    if params.valid_duration < 0:
        yield ParamError(field="valid_duration", message="must not be negative")
    if params.valid_use_count < 0 or not fits_int32(params.valid_use_count):
        yield ParamError(field="valid_use_count", message="must be from 0 to 2147483647")
    if not fits_int32(params.status.code):
        yield ParamError(field="status.code", message="does not fit into 32 bits")


def _build(params: Params, _env: Env) -> Handler:
    responses = [
        DirectHttpResponse(code=int(detail.code), body=detail.body, headers=dict(detail.headers))
        for detail in params.status.details
    ]
    status = Status(
        code=params.status.code,
        message=params.status.message,
        direct_response=responses[0] if responses else None,
    )
    return Handler(
        CheckResult(
            status=status,
            valid_duration_s=params.valid_duration.seconds,
            valid_use_count=params.valid_use_count,
        )
    )


INFO = Info(
    name="denier",
    description="Denies everything, with a status, message and HTTP response of your choice.",
    templates=(checknothing.TEMPLATE, listentry.TEMPLATE, quota.TEMPLATE),
    params=Params,
    build=_build,
    validate=_validate,
)
