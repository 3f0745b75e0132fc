"""One method for each template of checks and reports, for adapters that pass all of them on."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

from mixer.adapter import CheckResult, Template
from mixer.template import (
    apikey,
    authorization,
    checknothing,
    edge,
    listentry,
    logentry,
    metric,
    reportnothing,
    tracespan,
)


class PassesOn(ABC):
    """Asks and tells somebody outside, whatever the template.

    Every method raises what `_check` and `_report` of the adapter raise.
    """

    TEMPLATES: ClassVar[tuple[Template, ...]] = (
        apikey.TEMPLATE,
        authorization.TEMPLATE,
        checknothing.TEMPLATE,
        edge.TEMPLATE,
        listentry.TEMPLATE,
        logentry.TEMPLATE,
        metric.TEMPLATE,
        reportnothing.TEMPLATE,
        tracespan.TEMPLATE,
    )
    """What there is a method for."""

    @abstractmethod
    def _check(self, template: str, instance: Any) -> CheckResult:
        """Asks about an instance of that template."""

    @abstractmethod
    def _report(self, template: str, instances: Sequence[Any]) -> None:
        """Sends instances of that template."""

    def handle_apikey(self, instance: apikey.Instance) -> CheckResult:
        """Asks whether the call may pass."""
        return self._check("apikey", instance)

    def handle_authorization(self, instance: authorization.Instance) -> CheckResult:
        """Asks whether the subject may do the action."""
        return self._check("authorization", instance)

    def handle_checknothing(self, instance: checknothing.Instance) -> CheckResult:
        """Asks whether the request may pass."""
        return self._check("checknothing", instance)

    def handle_listentry(self, instance: listentry.Instance) -> CheckResult:
        """Asks whether the value may pass."""
        return self._check("listentry", instance)

    def handle_edge(self, instances: Sequence[edge.Instance]) -> None:
        """Sends the edges."""
        self._report("edge", instances)

    def handle_logentry(self, instances: Sequence[logentry.Instance]) -> None:
        """Sends the lines."""
        self._report("logentry", instances)

    def handle_metric(self, instances: Sequence[metric.Instance]) -> None:
        """Sends the samples."""
        self._report("metric", instances)

    def handle_reportnothing(self, instances: Sequence[reportnothing.Instance]) -> None:
        """Tells of the requests."""
        self._report("reportnothing", instances)

    def handle_tracespan(self, instances: Sequence[tracespan.Instance]) -> None:
        """Sends the spans."""
        self._report("tracespan", instances)
