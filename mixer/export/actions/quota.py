"""What limits quotas: memquota, and the answers of denier and noop."""

import ipaddress
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from adapters.memquota import Override as OverrideParams
from adapters.memquota import Params, Quota
from mixer.adapter import Duration, Timestamp, Value, ValueType
from mixer.attribute.value import double_text
from mixer.export.attributes import Phase
from mixer.export.draft import Draft, Task
from mixer.export.program import Answer, Limit, Override, Take
from mixer.template.plan import Entries, InstancePlan, Scalar

_TICKS_PER_S: Final = 10
_NS_PER_S: Final = 1_000_000_000
_MAX_AMOUNTS: Final = 4096
"""In a window: a proxy keeps all of them in one value, which is copied for each request."""
_MAX_NUMBER: Final = (1 << 53) - 1


def quota_limit(draft: Draft, task: Task) -> Take | Answer | None:
    """What limits the one instance of a task; None when that has no place in a proxy."""
    match = draft.match(task.rule, Phase.CHECK)
    (plan,) = task.plans
    match task.handler.info.name:
        case "denier":
            return Answer(match=match, do="nothing", evaluate=draft.evaluated(plan))
        case "noop":
            return Answer(match=match, do="all", evaluate=draft.evaluated(plan))
        case "memquota":
            return _take(draft, task, plan, match)
    name = task.handler.info.name
    draft.refuse(task.handler.place, "", f"adapter {name} can't count quotas in a proxy")
    return None


def _take(draft: Draft, task: Task, plan: InstancePlan, match: int) -> Take:
    params: Params = task.handler.params
    index, quota = next((i, q) for i, q in enumerate(params.quotas) if q.name == plan.name)
    (part,) = plan.parts
    scalars = dict(sorted(part.scalars.items())) if isinstance(part, Entries) else {}
    return Take(
        match=match,
        do="take",
        handler=task.handler.name,
        dimensions=[
            draft.text(plan, scalar, Phase.CHECK, exact=True) for scalar in scalars.values()
        ],
        overrides=[
            Override(where=where, limit=_limit(draft, task, f"quotas[{index}].{place}", override))
            for place, override, where in _overrides(quota, scalars)
        ],
        limit=_limit(draft, task, f"quotas[{index}]", quota),
    )


def _limit(draft: Draft, task: Task, place: str, limit: Quota | OverrideParams) -> int:
    ticks = -(-limit.valid_duration // _NS_PER_S) * _TICKS_PER_S
    if min(ticks, limit.max_amount) > _MAX_AMOUNTS:
        reason = f"up to {min(ticks, limit.max_amount)} amounts in one window are too many"
        draft.refuse_params(task.handler, f"{place}.max_amount", reason)
    if max(ticks, limit.max_amount) > _MAX_NUMBER:
        draft.refuse_params(task.handler, place, "numbers beyond 2^53")
    name = task.plans[0].name
    identity = f"{task.handler.name}/{name}/{limit.max_amount}/{limit.valid_duration}"
    return draft.add_limit(Limit(id=identity, max=limit.max_amount, ticks=ticks))


_Where = list[tuple[int, list[str]]]


def _overrides(
    quota: Quota, scalars: Mapping[str, Scalar]
) -> Iterator[tuple[str, OverrideParams, _Where]]:
    """The overrides that some request can meet, each with its place and what it asks."""
    names = list(scalars)
    for index, override in enumerate(quota.overrides):
        where: _Where = []
        for name, text in override.dimensions.items():
            if name in scalars:
                where.append((names.index(name), _accepted(scalars[name].type, text)))
            elif text:  # a dimension that the instance lacks equals the empty text only
                break
        else:
            yield f"overrides[{index}]", override, where


def _accepted(kind: ValueType, text: str) -> list[str]:
    """The texts of a dimension's values that an override's `text` may mean."""
    read = _READERS.get(kind)
    if read is None:
        return [text]
    try:
        return [read(text)]
    except (ValueError, KeyError):
        return []


def _number(parse: Callable[[str], Value]) -> Callable[[str], str]:
    return lambda text: str(int(parse(text)))  # type: ignore[arg-type]


_BOOLS: Final = {
    **dict.fromkeys(("1", "t", "T", "TRUE", "true", "True"), "true"),
    **dict.fromkeys(("0", "f", "F", "FALSE", "false", "False"), "false"),
}


def _address(text: str) -> str:
    address = ipaddress.ip_address(text)
    return str(getattr(address, "ipv4_mapped", None) or address)


_READERS: Final[Mapping[ValueType, Callable[[str], str]]] = {
    ValueType.INT64: _number(int),
    ValueType.BOOL: _BOOLS.__getitem__,
    ValueType.TIMESTAMP: _number(Timestamp.parse),
    ValueType.DURATION: _number(Duration.parse),
    ValueType.DOUBLE: lambda text: double_text(float(text)),
    ValueType.IP_ADDRESS: _address,
}
"""How the text of an override becomes that of a value; types that are missing are texts."""
