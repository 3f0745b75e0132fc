"""Adapter `noop`: lets everything pass, records nothing; for tests and for measuring the rest.

After istio 1.4 `mixer/adapter/noop`, with apikey and edge added.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from mixer.adapter import CheckResult, Env, Info, QuotaArgs, QuotaResult
from mixer.template import (
    apikey,
    authorization,
    checknothing,
    edge,
    listentry,
    logentry,
    metric,
    quota,
    reportnothing,
    tracespan,
)

_VALID_S: Final = 1_000_000_000.0
"""Some 31 years: as good as for ever."""
_PASS: Final = CheckResult(valid_duration_s=_VALID_S, valid_use_count=1_000_000_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """A noop has nothing to configure."""


class Handler:
    """Says yes, and forgets."""

    def handle_apikey(self, _instance: apikey.Instance) -> CheckResult:
        """Lets the key pass."""
        return _PASS

    def handle_authorization(self, _instance: authorization.Instance) -> CheckResult:
        """Lets the subject act."""
        return _PASS

    def handle_checknothing(self, _instance: checknothing.Instance) -> CheckResult:
        """Lets the request pass."""
        return _PASS

    def handle_listentry(self, _instance: listentry.Instance) -> CheckResult:
        """Lets the value pass."""
        return _PASS

    def handle_quota(self, _instance: quota.Instance, args: QuotaArgs) -> QuotaResult:
        """Grants what is asked for."""
        return QuotaResult(amount=args.amount, valid_duration_s=_VALID_S)

    def handle_edge(self, instances: Sequence[edge.Instance]) -> None:
        """Forgets the edges."""

    def handle_logentry(self, instances: Sequence[logentry.Instance]) -> None:
        """Forgets the lines."""

    def handle_metric(self, instances: Sequence[metric.Instance]) -> None:
        """Forgets the samples."""

    def handle_reportnothing(self, instances: Sequence[reportnothing.Instance]) -> None:
        """Forgets the requests."""

    def handle_tracespan(self, instances: Sequence[tracespan.Instance]) -> None:
        """Forgets the spans."""


def _build(_params: Params, _env: Env) -> Handler:
    return Handler()


INFO = Info(
    name="noop",
    description="Lets everything pass and records nothing.",
    templates=(
        authorization.TEMPLATE,
        checknothing.TEMPLATE,
        reportnothing.TEMPLATE,
        listentry.TEMPLATE,
        logentry.TEMPLATE,
        metric.TEMPLATE,
        quota.TEMPLATE,
        tracespan.TEMPLATE,
        apikey.TEMPLATE,
        edge.TEMPLATE,
    ),
    params=Params,
    build=_build,
)
