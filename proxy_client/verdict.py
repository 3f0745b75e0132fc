"""What the client answers: whether a request may pass, and what else is to be done to it."""

from enum import Enum
from typing import NamedTuple

from mixer.status import OK, Status


class Operation(Enum):
    """What to do to a header (numbers of `istio.mixer.v1.HeaderOperation`)."""

    REPLACE = 0
    """Remove all headers of that name, then add this one."""
    REMOVE = 1
    APPEND = 2
    """Add another header line."""


class HeaderChange(NamedTuple):
    """One thing to do to one header."""

    name: str
    value: str
    operation: Operation


class RouteDirective(NamedTuple):
    """What is to be done to a request beside letting it pass or not."""

    request_headers: tuple[HeaderChange, ...] = ()
    response_headers: tuple[HeaderChange, ...] = ()
    direct_response_code: int = 0
    """HTTP status to answer with at once, whatever the verdict; 0 for none."""
    direct_response_body: str = ""


class Verdict(NamedTuple):
    """Whether a request may pass."""

    status: Status = OK
    directive: RouteDirective | None = None
    check_cache_hit: bool = False
    """Whether the policy's answer was in the cache; the attribute `check.cache_hit`."""
    quota_cache_hit: bool = False
    """Whether quota was decided locally; the attribute `quota.cache_hit`."""

    @property
    def is_ok(self) -> bool:
        """Whether the request may pass."""
        return self.status.code == 0
