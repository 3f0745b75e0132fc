"""Metrics of prometheus handlers as stats of the proxy.

Stats have names and no labels, and count in whole numbers. So labels become part of the name, from
which Envoy's `stats_config` takes them out again as tags; and durations, of which Mixer records
seconds, are recorded in milliseconds under a name that says so.
"""

from collections.abc import Iterator, Mapping
from typing import Final, Literal

from adapters.prometheus.definition import define, sanitise
from adapters.prometheus.params import Kind, MetricInfo, Params
from mixer.adapter import ValueType
from mixer.export.attributes import Phase
from mixer.export.draft import Draft, Task, place_of
from mixer.export.program import Metric
from mixer.template.plan import Entries, InstancePlan, Scalar

_KINDS: Final[Mapping[Kind, Literal["counter", "gauge", "histogram"]]] = {
    Kind.COUNTER: "counter",
    Kind.GAUGE: "gauge",
    Kind.DISTRIBUTION: "histogram",
}
_NS_PER_MS: Final = 1_000_000
_MS: Final = "milliseconds"


def metrics(draft: Draft, task: Task) -> Iterator[Metric]:
    """The stats that are fed by instances of a task."""
    params: Params = task.handler.params
    for plan in task.plans:
        value, dimensions = plan.parts[:2]
        for info in params.metrics:
            if info.instance_name == plan.name and isinstance(value, Scalar):
                scalars = dimensions.scalars if isinstance(dimensions, Entries) else {}
                yield _metric(draft, task, plan, info, (value, scalars))


def _metric(
    draft: Draft,
    task: Task,
    plan: InstancePlan,
    info: MetricInfo,
    fields: tuple[Scalar, Mapping[str, Scalar]],
) -> Metric:
    value, scalars = fields
    if value.type not in {ValueType.INT64, ValueType.DURATION}:
        reason = f"is {value.type.name}, but stats of a proxy are whole numbers"
        draft.refuse(place_of(plan), "value", reason)
    is_duration = value.type is ValueType.DURATION
    params: Params = task.handler.params
    name = define(info).name
    return Metric(
        match=draft.match(task.rule, Phase.REPORT),
        kind=_KINDS[info.kind],
        stat=_in_milliseconds(name) if is_duration else name,
        labels=[
            (sanitise(label), draft.text(plan, scalars[label], Phase.REPORT))
            for label in sorted(scalars, key=sanitise)
        ],
        value=draft.field(plan, value, Phase.REPORT),
        scale=_NS_PER_MS if is_duration else 1,
        max_series=params.max_series,
    )


def _in_milliseconds(name: str) -> str:
    return f"{name.removesuffix('_seconds')}_{_MS}"


def stats_tags(found: list[Metric]) -> tuple[tuple[str, str], ...]:
    """The tags that Envoy is to make of all labels, each with the pattern that finds it."""
    labels = sorted({label for metric in found for label, _ in metric["labels"]})
    return tuple((label, rf"(;\.;{label}=\.=([^;]*))") for label in labels)
