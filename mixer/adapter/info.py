"""What a template and an adapter say of themselves when they register.

A *template* is a kind of question: the fields of its instances, and the one method that a handler
must have to answer it. An *adapter* answers one or more templates. Both are checked here, once,
so that the request path checks nothing.
"""

import dataclasses
import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from mixer.adapter.env import Env
from mixer.adapter.instance_type import InstanceType
from mixer.adapter.result import CheckResult, QuotaResult
from mixer.errors import MixerError

NAME: Final = re.compile(r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?")
"""What adapters may be called: a lower-case DNS label."""


class Variety(Enum):
    """When the instances of a template are made, and what their handlers return."""

    CHECK = "TEMPLATE_VARIETY_CHECK"
    """On every Check; one instance in, a `CheckResult` out."""
    REPORT = "TEMPLATE_VARIETY_REPORT"
    """On every Report; all instances of the call in, nothing out."""
    QUOTA = "TEMPLATE_VARIETY_QUOTA"
    """When a Check asks for quota; one instance and `QuotaArgs` in, a `QuotaResult` out."""
    ATTRIBUTE_GENERATOR = "TEMPLATE_VARIETY_ATTRIBUTE_GENERATOR"
    """Before all others; one instance in, an output that becomes attributes."""


_RESULTS: Final = {Variety.CHECK: CheckResult, Variety.QUOTA: QuotaResult}


class RegistrationError(MixerError):
    """A template or adapter that breaks the contract; a fault of its code, not of a config."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Template:
    """A kind of question that rules can ask."""

    name: str
    """What `compiledTemplate` says; also the legacy resource kind."""
    variety: Variety
    instance: type[Any]
    """A NamedTuple: `name` first, then the fields; their annotations are the value types."""
    handler: type[Any]
    """A Protocol with exactly one method."""
    output: type[Any] | None = None
    """ATTRIBUTE_GENERATOR only: a dataclass whose fields are all `T | None`."""

    def __post_init__(self) -> None:
        if next(iter(getattr(self.instance, "_fields", ())), None) != "name":
            raise RegistrationError(f"template {self.name}: Instance is no NamedTuple of a name")
        if (self.output is not None) != (self.variety is Variety.ATTRIBUTE_GENERATOR):
            raise RegistrationError(f"template {self.name}: output belongs to generators only")
        _ = self.method

    @property
    def result(self) -> type[Any]:
        """The class of what that method must return."""
        return _RESULTS.get(self.variety) or self.output or type(None)

    @property
    def method(self) -> str:
        """The name of the method that handlers of this template have."""
        members: Mapping[str, object] = vars(self.handler)
        names = [
            name
            for name, member in members.items()
            if inspect.isfunction(member) and not name.startswith("_")
        ]
        if len(names) != 1:
            raise RegistrationError(f"template {self.name}: Handler must have exactly one method")
        return names[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParamError:
    """One thing that is wrong with the parameters of a handler."""

    field: str
    """Path within the params, such as `quotas[2].max_amount`; empty for all of them."""
    message: str


def _nothing_wrong(_params: Any, _instances: Mapping[str, InstanceType]) -> Iterable[ParamError]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Info:
    """An adapter. The entry point group `mixer.adapters` points at one of these."""

    name: str
    """What `compiledAdapter` says: a lower-case DNS label."""
    description: str
    """One sentence for `mixs adapters`."""
    templates: tuple[Template, ...]
    params: type[Any]
    """A frozen dataclass that can be made without arguments: the defaults."""
    build: Callable[[Any, Env], Any]
    """Makes a handler from params. May open files and connections; raises to say that it can't."""
    validate: Callable[[Any, Mapping[str, InstanceType]], Iterable[ParamError]] = _nothing_wrong
    """Says what is wrong with params and with the instances (by full name) that rules send.

    It must not touch anything outside: `mixs validate` calls it too.
    """
    may_block: bool = False
    """Whether calls of the handler may wait for something outside. They then have a deadline, a
    queue and a circuit breaker, which costs each about 30 microseconds."""
    is_durable: bool = False
    """Whether handlers promise that what they were given is kept when a call returns. Then a Report
    that one did not take fails, so that it is sent again, unless the rule says otherwise; without
    the promise, what a handler that is away was to be told is lost, and counted."""

    def __post_init__(self) -> None:
        problems = []
        if NAME.fullmatch(self.name) is None:
            problems.append("the name is no lower-case DNS label")
        if not self.templates:
            problems.append("it supports no template")
        if not dataclasses.is_dataclass(self.params):
            problems.append("params is no dataclass")
        if problems:
            raise RegistrationError(f"adapter {self.name!r}: {'; '.join(problems)}")

    def check_handler(self, handler: object) -> None:
        """Raises RegistrationError unless `handler` answers every template of the adapter."""
        for template in self.templates:
            if not callable(getattr(handler, template.method, None)):
                raise RegistrationError(
                    f"adapter {self.name!r}: its handler has no method {template.method}, "
                    f"which template {template.name} needs"
                )
