"""Calls → cases: handlers are made, and closed at the end."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from unittest.mock import patch

from benchmarks.micro.adapters.calls import all_calls
from benchmarks.micro.adapters.services import nothing, running
from benchmarks.micro.adapters.subject import Services, Subject
from benchmarks.micro.timing import Case
from mixer.adapter import Env, Info, RegistrationError
from mixer.adapter.env import ThreadScheduler
from mixer.adapter.registry import AdapterRegistry
from mixer.config.decode import decode
from mixer.errors import MixerError


class SubjectError(MixerError):
    """A call is described wrongly: its adapter refuses its params."""


@contextmanager
def calls_put_aside(folder: Path) -> Iterator[tuple[list[Case], list[str]]]:
    """A case for each call, with stand-ins; and why calls are left out.

    Raises SubjectError.
    """
    with ExitStack() as stack:
        registry = AdapterRegistry()
        cases, left_out = [], []
        for subject in all_calls():
            try:
                info = _adapter(registry, subject.adapter)
            except RegistrationError as error:
                left_out.append(f"{subject.name}: {error}")
                continue
            for target, stand_in in subject.stand_ins.items():
                stack.enter_context(patch(target, stand_in))
            cases.append(_case(subject, info, nothing(folder), stack))
        yield cases, left_out


def calls_with_services(folder: Path) -> Iterator[Case]:
    """A case for each call that talks to something, while that runs. Raises SubjectError.

    One handler is there at a time: what it has still to send would be in the way of others.
    """
    with running(folder) as services:
        for subject, info in _talking(all_calls()):
            with ExitStack() as stack:
                yield _case(subject, info, services, stack)


def _talking(subjects: Sequence[Subject]) -> Iterator[tuple[Subject, Info]]:
    registry = AdapterRegistry()
    for subject in subjects:
        if subject.talks:
            try:
                yield subject, _adapter(registry, subject.adapter)
            except RegistrationError:
                continue  # has been told with the others


def _adapter(registry: AdapterRegistry, name: str) -> Info:
    info = registry.get(name)
    if info is None:
        raise SubjectError(f"there is no adapter {name!r}")
    return info


def _case(subject: Subject, info: Info, services: Services, stack: ExitStack) -> Case:
    handler_name = f"{subject.adapter}.benchmark"
    decoded = decode(info.params, subject.params(services))
    faults = [*decoded.errors, *info.validate(decoded.value, subject.instances)]
    if faults:
        raise SubjectError(f"{subject.name}: {faults[0]}")
    scheduler = ThreadScheduler(handler_name)
    stack.callback(scheduler.close)
    env = Env(handler=handler_name, scheduler=scheduler, instances=subject.instances)
    handler = info.build(decoded.value, env)
    stack.callback(getattr(handler, "close", _nothing_to_close))
    template = next(one for one in info.templates if one.name == subject.template)
    run = getattr(handler, template.method)
    if subject.leading:
        run = partial(run, *subject.leading)
    return Case(name=subject.name, run=run, inputs=subject.inputs)


def _nothing_to_close() -> None:
    """For handlers without `close`."""
