"""Log entries of stdio handlers as lines of the proxy's own log."""

from collections.abc import Iterator
from typing import Final

from adapters.stdio.params import Params, Stream
from mixer.adapter import ValueType
from mixer.attribute.value import ZERO_TIMESTAMP
from mixer.export.attributes import Phase
from mixer.export.draft import Draft, Task
from mixer.export.pool import ALWAYS
from mixer.export.program import Log
from mixer.template.plan import Entries, InstancePlan, Part, Scalar

_UNQUOTED: Final = frozenset({ValueType.INT64, ValueType.DOUBLE, ValueType.BOOL})
_STREAMS: Final = frozenset({Stream.STDOUT, Stream.STDERR})


def logs(draft: Draft, task: Task) -> Iterator[Log]:
    """The lines that instances of a task become."""
    params: Params = task.handler.params
    if params.log_stream not in _STREAMS:
        reason = f"is {params.log_stream.name}, but a proxy writes to its own log only"
        draft.refuse_params(task.handler, "log_stream", reason)
    if not params.output_as_json:
        draft.refuse_params(task.handler, "output_as_json", "lines of a proxy are always JSON")
    for plan in task.plans:
        yield _log(draft, task, plan, params)


def _log(draft: Draft, task: Task, plan: InstancePlan, params: Params) -> Log:
    variables, timestamp, severity = plan.parts[:3]
    scalars = variables.scalars if isinstance(variables, Entries) else {}
    return Log(
        match=draft.match(task.rule, Phase.REPORT),
        instance=plan.name,
        severity=_text(draft, plan, severity),
        levels={name: int(level) for name, level in params.severity_levels.items()},
        lowest=int(params.output_level),
        time=_text(draft, plan, timestamp, unset=str(ZERO_TIMESTAMP)),
        fields=[
            (
                key,
                draft.text(plan, scalars[key], Phase.REPORT),
                scalars[key].type not in _UNQUOTED,
            )
            for key in sorted(scalars)
        ],
    )


def _text(draft: Draft, plan: InstancePlan, part: Part, unset: str = "") -> int:
    if isinstance(part, Scalar):
        return draft.text(plan, part, Phase.REPORT)
    return draft.constant(unset) if unset else ALWAYS
