"""An adapter that answers as a test tells it to, and remembers what it was asked."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Event
from typing import Any, Final

from mixer.adapter import CheckResult, Env, Info, InstanceType, ParamError, QuotaResult
from mixer.adapter.registry import AdapterRegistry
from mixer.runtime import Runtime, RuntimeOptions
from mixer.template import checknothing, listentry, lookup, metric, quota, reportnothing
from tests.integration.documents import Document, contents

TEMPLATES: Final = (
    checknothing.TEMPLATE,
    listentry.TEMPLATE,
    lookup.TEMPLATE,
    metric.TEMPLATE,
    quota.TEMPLATE,
    reportnothing.TEMPLATE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """What a configuration can say to a spy."""

    version: int = 0
    """Means nothing: handlers with different versions are different."""
    refuse: str = ""
    """What is wrong with these params; empty for nothing."""
    fail: str = ""
    """Why no handler can be made; empty for no reason."""


@dataclass
class Spy:
    """One adapter; the answers are values, exceptions to raise, or functions of what is asked."""

    name: str = "spy"
    answers: dict[str, Any] = field(default_factory=dict)
    """By the handlers' display names; others say nothing of importance."""
    calls: list[tuple[str, Any]] = field(default_factory=list)
    """Handler and what it was asked, in the order of the calls."""
    closing: dict[str, Callable[[], object]] = field(default_factory=dict)
    """What handlers do when they are closed, by their display names; others do nothing."""
    built: list[tuple[str, int]] = field(default_factory=list)
    """Handler and version of all that were made."""
    closed: dict[tuple[str, int], Event] = field(default_factory=dict)
    """Set when the handler of that name and version has been closed."""

    def __post_init__(self) -> None:
        self.info: Final = Info(
            name=self.name,
            description="Answers as it is told to.",
            templates=TEMPLATES,
            params=Params,
            build=self._build,
            validate=_validate,
        )

    def _build(self, params: Params, env: Env) -> "_Handler":
        if params.fail:
            raise OSError(params.fail)
        made = env.handler, params.version
        self.built.append(made)
        self.closed[made] = Event()
        return _Handler(self, made)

    def asked(self, handler: str) -> list[Any]:
        """What the handler was asked."""
        return [what for name, what in self.calls if name == handler]


def _validate(params: Params, _instances: Mapping[str, InstanceType]) -> Iterable[ParamError]:
    if params.refuse:
        yield ParamError(field="refuse", message=params.refuse)


class _Handler:
    def __init__(self, spy: Spy, made: tuple[str, int]) -> None:
        self._spy = spy
        self._made = made
        self._name = made[0]

    def close(self) -> None:
        self._spy.closing.get(self._name, lambda: None)()
        self._spy.closed[self._made].set()

    def _answer(self, otherwise: object, *asked: Any) -> Any:
        self._spy.calls.append((self._name, asked[0] if len(asked) == 1 else asked))
        answer = self._spy.answers.get(self._name, otherwise)
        if isinstance(answer, BaseException):
            raise answer
        return answer(*asked) if callable(answer) else answer

    def handle_checknothing(self, instance: checknothing.Instance) -> CheckResult:
        return self._answer(CheckResult(), instance)

    def handle_listentry(self, instance: listentry.Instance) -> CheckResult:
        return self._answer(CheckResult(), instance)

    def handle_quota(self, instance: quota.Instance, args: Any) -> QuotaResult:
        return self._answer(QuotaResult(), instance, args)

    def handle_metric(self, instances: Sequence[metric.Instance]) -> None:
        return self._answer(None, list(instances))

    def handle_reportnothing(self, instances: Sequence[reportnothing.Instance]) -> None:
        return self._answer(None, list(instances))

    def generate_lookup(self, instance: lookup.Instance) -> lookup.Output:
        return self._answer(lookup.Output(), instance)


class Registry(AdapterRegistry):
    """The installed adapters, and those that a test brings."""

    def __init__(self, *infos: Info) -> None:
        super().__init__()
        self._own: Final = {info.name: info for info in infos}

    def names(self) -> list[str]:
        """See `AdapterRegistry.names`."""
        return sorted([*super().names(), *self._own])

    def get(self, name: str) -> Info | None:
        """See `AdapterRegistry.get`."""
        return self._own.get(name) or super().get(name)


def runtime_of(spy: Spy, *documents: Document, options: RuntimeOptions | None = None) -> Runtime:
    """A runtime in which these documents are in force."""
    runtime = Runtime(Registry(spy.info), options)
    runtime.apply(contents(*documents))
    return runtime
