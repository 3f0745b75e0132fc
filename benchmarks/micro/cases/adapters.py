"""Adapters alone: one call of a handler."""

from collections.abc import Iterator
from functools import partial
from itertools import count, islice
from typing import Any, Final

from adapters.listchecker import INFO as LISTCHECKER
from adapters.listchecker import Params as ListParams
from adapters.memquota import INFO as MEMQUOTA
from adapters.memquota import Params as QuotaParams
from adapters.memquota import Quota
from benchmarks.micro.timing import Case, same
from mixer.adapter import Duration, Env, Info, InstanceType, QuotaArgs, ValueType
from mixer.adapter.env import ThreadScheduler
from mixer.template import listentry, quota

_QUOTA: Final = "requestcount.instance.istio-system"
_DIMENSIONS: Final = {
    "source": "frontend",
    "sourceVersion": "v2",
    "destination": "cart",
    "destinationVersion": "v1",
}
_numbers: Final = count()


def adapter_cases() -> list[Case]:
    """An allocation with a new deduplication id, and a look into a list of 1000 words."""
    return [
        Case(name="memquota: allocate", run=_allocate(), inputs=_quota_args),
        Case(
            name="listchecker: look up",
            run=_list_handler().handle_listentry,
            inputs=same(listentry.Instance(name="caller.instance.istio-system", value="shop")),
        ),
    ]


def _allocate() -> "partial[object]":
    params = QuotaParams(
        quotas=(Quota(name=_QUOTA, max_amount=10**9, valid_duration=Duration.parse("1s")),)
    )
    types = InstanceType(
        template="quota", fields={"dimensions": dict.fromkeys(_DIMENSIONS, ValueType.STRING)}
    )
    handler = _build(MEMQUOTA, params, {_QUOTA: types})
    return partial(handler.handle_quota, quota.Instance(name=_QUOTA, dimensions=_DIMENSIONS))


def _quota_args(how_many: int) -> Iterator[QuotaArgs]:
    return (
        QuotaArgs(deduplication_id=f"call-{number}", amount=1, best_effort=True)
        for number in islice(_numbers, how_many)
    )


def _list_handler() -> Any:
    words = tuple(f"namespace-{number}" for number in range(1000))
    return _build(LISTCHECKER, ListParams(overrides=words, blacklist=True), {})


def _build(info: Info, params: object, instances: dict[str, InstanceType]) -> Any:
    name = f"{info.name}.benchmark"
    env = Env(handler=name, scheduler=ThreadScheduler(name), instances=instances)
    return info.build(params, env)
