"""Makes a handler as the server does."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from mixer.adapter.env import Env
from mixer.adapter.info import Info, ParamError
from mixer.adapter.instance_type import InstanceType
from mixer.adapter.testing.clock import FakeClock, FakeScheduler
from mixer.errors import MixerError

_NO_INSTANCES: Final[Mapping[str, InstanceType]] = {}


class ParamsRefusedError(MixerError):
    """The adapter's `validate` found faults; `str()` lists them, one in each line."""

    def __init__(self, adapter: str, errors: Iterable[ParamError]) -> None:
        self.errors: tuple[ParamError, ...] = tuple(errors)
        super().__init__(adapter, self.errors)
        self.adapter = adapter

    def __str__(self) -> str:
        faults = (f"{error.field or 'params'}: {error.message}" for error in self.errors)
        return "\n  ".join((f"adapter {self.adapter!r} refuses its params:", *faults))


@contextmanager
def start(
    info: Info,
    params: object = None,
    *,
    instances: Mapping[str, InstanceType] = _NO_INSTANCES,
    clock: FakeClock | None = None,
) -> Iterator[Any]:
    """Gives a handler, made the way the server makes it; closes it, then its scheduler, at the end.

    `params` defaults to the adapter's defaults, `instances` (by full name) to none, `clock` to a
    new one. Raises ParamsRefusedError when `validate` finds a fault, RegistrationError when the
    handler lacks a method, and whatever `build` raises.
    """
    params = info.params() if params is None else params
    if errors := tuple(info.validate(params, instances)):
        raise ParamsRefusedError(info.name, errors)
    clock = clock or FakeClock()
    scheduler = FakeScheduler(clock)
    env = Env(
        handler=f"{info.name}.test", scheduler=scheduler, instances=instances, clock=clock.clock
    )
    try:
        handler = info.build(params, env)
        try:
            info.check_handler(handler)
            yield handler
        finally:
            getattr(handler, "close", lambda: None)()
    finally:
        scheduler.close()
