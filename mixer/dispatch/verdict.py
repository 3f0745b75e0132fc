"""What the dispatcher answers, free of any wire type."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from mixer.adapter import QuotaLimit, QuotaState
from mixer.attribute.bag import Reference
from mixer.config.spec import Operation
from mixer.status import OK, Status


class HeaderChange(NamedTuple):
    """One thing to do to one header."""

    name: str
    value: str
    operation: Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteDirective:
    """What the proxy is to do beside letting the request pass or not."""

    request_headers: tuple[HeaderChange, ...] = ()
    response_headers: tuple[HeaderChange, ...] = ()
    direct_response_code: int = 0
    """HTTP status to answer with at once; 0 for none."""
    direct_response_body: str = ""


class QuotaRequest(NamedTuple):
    """One quota that is asked for. A Check makes use of the first three fields only."""

    name: str
    """First word of the instance's name, in any case; empty for each that a matching rule sends."""
    amount: int
    """How much is wanted; negative gives back."""
    best_effort: bool = False
    """Whether to grant what is left when it is less than `amount`."""
    limit: QuotaLimit | None = None
    """What to count against; None for what is configured."""
    wants_state: bool = False


class QuotaVerdict(NamedTuple):
    """What was granted of one quota."""

    amount: int = 0
    valid_duration_s: float = 0.0
    """How long the grant lasts, in seconds."""
    status: Status = OK
    references: tuple[Reference, ...] = ()
    failure: str = ""
    """Why there is no telling; empty for a grant or a refusal. A Check leaves it and all that
    follows empty."""
    name: str = ""
    """The quota that decided, by the first word of its name; empty when nobody limits it."""
    state: QuotaState | None = None
    """How things stand with the quota that decided, if it was asked for and its handler tells."""


class Denial(NamedTuple):
    """Who said no, and why."""

    rule: str
    """`namespace/name`."""
    handler: str
    """`name.namespace`, as the status message has it."""
    reason: str
    """What the handler said."""


class CheckVerdict(NamedTuple):
    """Whether a request may pass."""

    status: Status = OK
    valid_duration_s: float = 0.0
    """How long the client may use the verdict again, in seconds."""
    valid_use_count: int = 0
    """How often the client may use the verdict again."""
    route_directive: RouteDirective | None = None
    references: tuple[Reference, ...] = ()
    """The attributes that the verdict depends on."""
    quotas: Mapping[str, QuotaVerdict] = MappingProxyType({})
    """By the names that were asked for."""
    decided_by: Denial | None = None
    """The first of those who said no."""
