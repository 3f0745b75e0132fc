"""The contract between Mixer and adapters: all that an adapter's author imports.

An adapter is an `Info`: a name, the templates it answers, a params dataclass, `validate` (pure)
and `build`, which makes a handler. A handler has one method for each template, and may have
`close()`. Handlers are called from many threads at once.
"""

from mixer.adapter.env import Clock, Env, Scheduler
from mixer.adapter.extra import needs_extra
from mixer.adapter.info import (
    Info,
    ParamError,
    RegistrationError,
    Template,
    Variety,
)
from mixer.adapter.instance_type import InstanceType
from mixer.adapter.result import (
    CheckResult,
    QuotaArgs,
    QuotaLimit,
    QuotaResult,
    QuotaState,
    fits_int32,
)
from mixer.attribute.value import (
    Duration,
    Timestamp,
    Value,
    ValueType,
    stringify,
)
from mixer.errors import UnavailableError
from mixer.isolation.breaker import Breaker
from mixer.status import Code, DirectHttpResponse, Status

__all__ = [
    "Breaker",
    "CheckResult",
    "Clock",
    "Code",
    "DirectHttpResponse",
    "Duration",
    "Env",
    "Info",
    "InstanceType",
    "ParamError",
    "QuotaArgs",
    "QuotaLimit",
    "QuotaResult",
    "QuotaState",
    "RegistrationError",
    "Scheduler",
    "Status",
    "Template",
    "Timestamp",
    "UnavailableError",
    "Value",
    "ValueType",
    "Variety",
    "fits_int32",
    "needs_extra",
    "stringify",
]
