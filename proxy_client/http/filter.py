"""What every server does with a request, whatever its interface: ask, enforce, report.

A server begins an `Exchange` for a request, asks the client with its attributes and quotas, has it
`enforce` the verdict, and tells it when the response has `ended`.
"""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, NamedTuple

from mixer.attribute.value import Duration, Timestamp, Value
from proxy_client.http.attributes import check_attributes
from proxy_client.http.enforcement import Answer, answer_to
from proxy_client.http.forwarded import HEADER, find_forwarded
from proxy_client.http.message import HttpRequest, HttpResponse
from proxy_client.http.report import report_attributes
from proxy_client.http.service import HttpService
from proxy_client.quota.charge import QuotaCharge
from proxy_client.quota.spec import QuotaSpec, charges
from proxy_client.verdict import HeaderChange, Operation, Verdict

METADATA: Final = "mixer.metadata"
"""Key of an ASGI scope or WSGI environment: what other parts know, as `HttpRequest.metadata`."""
TLS: Final = "mixer.tls"
"""Key of an ASGI scope or WSGI environment: the `Tls` of the connection, from whoever knows it."""

CLIENT_LEFT: Final = "DC"
"""Envoy's flag for a client that went away before it had the whole response."""
APPLICATION_FAILED: Final = "UC"
"""Envoy's flag for an upstream that broke off its response; here that is the application."""

_LOG: Final = logging.getLogger(__name__)
_NOTHING: Final[Mapping[str, Value]] = MappingProxyType({})
_UNKNOWN: Final = HttpService()
_UNASKED: Final[dict[str, Value]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterOptions:
    """What is done with the requests to one service."""

    service: HttpService = _UNKNOWN
    """What is known of them before they come."""
    quota_specs: Sequence[QuotaSpec] = ()
    """What they are charged."""
    is_checked: bool = True
    """Whether Mixer is asked if they may pass."""
    is_reported: bool = True
    """Whether Mixer is told what became of them."""


DEFAULTS: Final = FilterOptions()
"""Checks and reports every request, and knows nothing of the service."""
FilterFor = FilterOptions | Callable[[HttpRequest], FilterOptions]
"""The options for all requests; or what gives those for a request, as by its path."""
Report = Callable[[Mapping[str, Value]], None]
"""Tells Mixer the attributes of one request; `report` of a client."""


class Clock(NamedTuple):
    """What times are taken from."""

    now: Callable[[], Timestamp] = lambda: Timestamp(time.time_ns())
    monotonic: Callable[[], float] = time.monotonic
    """In seconds."""


SYSTEM_CLOCK: Final = Clock()


class HttpFilter:
    """Begins exchanges; for use by many threads."""

    def __init__(self, report: Report, options: FilterFor, clock: Clock = SYSTEM_CLOCK) -> None:
        self.report = report
        self.clock = clock
        self._options = options

    def begin(self, request: HttpRequest, known: Mapping[str, Value] = _NOTHING) -> "Exchange":
        """For a request that has come; `known` is what neither it nor the options say."""
        options = self._options
        if not isinstance(options, FilterOptions):
            options = options(request)
        return Exchange(self, request, options, known)


class Exchange:
    """One request and its response; for one thread at a time."""

    __slots__ = ("_began_s", "_filter", "_verdict", "attributes", "is_over", "options", "request")

    def __init__(
        self,
        http_filter: HttpFilter,
        request: HttpRequest,
        options: FilterOptions,
        known: Mapping[str, Value],
    ) -> None:
        self.request = request
        self.options = options
        self.attributes = _UNASKED
        """Those of the Check; none if Mixer is neither asked nor told."""
        self._filter = http_filter
        self._verdict: Verdict | None = None
        self._began_s = http_filter.clock.monotonic()
        self.is_over = False
        """Whether the end was told, so that it need not be told again."""
        if options.is_checked or options.is_reported:
            found = check_attributes(request, options.service, http_filter.clock.now())
            self.attributes = {**known, **found} if known else found

    @property
    def quotas(self) -> Sequence[QuotaCharge]:
        """What the request is charged."""
        specs = self.options.quota_specs
        return charges(specs, self.attributes) if specs else ()

    def enforce(self, verdict: Verdict) -> Answer | None:
        """Takes note of the verdict; what to answer with at once, or None if it may pass."""
        self._verdict = verdict
        return answer_to(verdict)

    def request_changes(self) -> Sequence[HeaderChange]:
        """What is to be done to the request before the application sees it."""
        directive = None if self._verdict is None else self._verdict.directive
        changes = () if directive is None else directive.request_headers
        forward = self.options.service.forward_header
        if forward is not None:
            return (HeaderChange(HEADER, forward, Operation.REPLACE), *changes)
        if find_forwarded(self.request.headers) is not None:
            return (HeaderChange(HEADER, "", Operation.REMOVE), *changes)
        return changes

    def response_changes(self) -> Sequence[HeaderChange]:
        """What is to be done to the headers of the application's response."""
        directive = None if self._verdict is None else self._verdict.directive
        return () if directive is None else directive.response_headers

    def ended(self, response: HttpResponse) -> None:
        """Reports, the first time only. Never raises: it is too late to fail the request.

        The duration of `response` is worked out here.
        """
        if self.is_over:
            return
        self.is_over = True
        if not self.options.is_reported:
            return
        try:
            self._report(response)
        except Exception:
            _LOG.exception("A request was not reported.")

    def _report(self, response: HttpResponse) -> None:
        clock = self._filter.clock
        timed = response._replace(duration=Duration.from_seconds(clock.monotonic() - self._began_s))
        self._filter.report(
            report_attributes(self.attributes, self.request, timed, self._verdict, clock.now())
        )
