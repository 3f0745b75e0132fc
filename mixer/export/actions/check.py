"""The actions of a Check: denier, listchecker and noop."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from adapters.denier import Params as DenierParams
from adapters.listchecker import EntryType
from adapters.listchecker import Params as ListParams
from mixer.adapter import DirectHttpResponse, Status
from mixer.attribute.value import ValueType
from mixer.dispatch.combine import direct_directive
from mixer.export.actions.lists import make_list
from mixer.export.attributes import Phase
from mixer.export.constant import KINDS
from mixer.export.denial import INVALID, REFUSED, header_lines, sendable_status
from mixer.export.draft import Draft, Task, place_of
from mixer.export.program import Action, Deny, Direct, LookUp, Pass
from mixer.export.regex.pattern import UnsupportedPatternError
from mixer.template.plan import InstancePlan, Scalar

_TEXT_OR_ADDRESS: Final = frozenset({KINDS[ValueType.STRING], KINDS[ValueType.IP_ADDRESS]})


def check_actions(draft: Draft, task: Task) -> list[Action]:
    """What becomes of instances that are sent to a handler; what can't be placed is refused."""
    place = _PLACED.get(task.handler.info.name)
    if place is None:
        reason = f"adapter {task.handler.info.name} can't check in a proxy"
        draft.refuse(task.handler.place, "", reason)
        return []
    return list(place(draft, task))


def _pass(draft: Draft, task: Task) -> Iterator[Action]:
    for plan in task.plans:
        yield Pass(do="pass", handler=task.handler.name, evaluate=draft.evaluated(plan))


def _deny(draft: Draft, task: Task) -> Iterator[Action]:
    params: DenierParams = task.handler.params
    if not params.status.code:
        yield from _pass(draft, task)
        return
    draft.codes.add(params.status.code)
    for plan in task.plans:
        yield Deny(
            do="deny",
            handler=task.handler.name,
            evaluate=draft.evaluated(plan),
            code=params.status.code,
            message=params.status.message,
            direct=_direct(params),
        )


def _direct(params: DenierParams) -> Direct | None:
    if not params.status.details:
        return None
    detail = params.status.details[0]
    response = DirectHttpResponse(code=detail.code, body=detail.body, headers=detail.headers)
    directive = direct_directive(Status(code=params.status.code, direct_response=response))
    assert directive is not None, "it is a denial"
    return Direct(
        status=sendable_status(directive.direct_response_code),
        body=directive.direct_response_body,
        headers=header_lines(directive.response_headers),
    )


def _look_up(draft: Draft, task: Task) -> Iterator[Action]:
    params: ListParams = task.handler.params
    if params.provider_url:
        reason = "a proxy fetches no lists; write the entries into overrides"
        draft.refuse_params(task.handler, "provider_url", reason)
        return
    try:
        number = draft.add_list(make_list(draft.pool, params.entry_type, params.overrides))
    except UnsupportedPatternError as error:
        draft.refuse_params(task.handler, "overrides", str(error))
        return
    draft.codes |= {REFUSED, INVALID} if _may_be_invalid(params) else {REFUSED}
    for plan in task.plans:
        value = _value(draft, plan)
        if value is not None:
            yield LookUp(
                do="list",
                handler=task.handler.name,
                value=draft.field(plan, value, Phase.CHECK),
                type=KINDS[value.type],
                list=number,
                deny_found=params.blacklist,
                denial="is blacklisted" if params.blacklist else "is not whitelisted",
            )


def _may_be_invalid(params: ListParams) -> bool:
    return params.entry_type is EntryType.IP_ADDRESSES


def _value(draft: Draft, plan: InstancePlan) -> Scalar | None:
    """The value that is looked for, if it is one that can be."""
    (part,) = plan.parts
    if not isinstance(part, Scalar):
        draft.refuse(place_of(plan), "value", "is missing")
        return None
    if KINDS[part.type] not in _TEXT_OR_ADDRESS:
        reason = f"is {part.type.name}, but lists in a proxy are of texts and addresses"
        draft.refuse(place_of(plan), "value", reason)
        return None
    return part


_PLACED: Final[Mapping[str, Callable[[Draft, Task], Iterator[Action]]]] = {
    "denier": _deny,
    "listchecker": _look_up,
    "noop": _pass,
}
