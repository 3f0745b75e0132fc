"""Template `greeting`, which Mixer does not have, and adapter `greeter`, which answers it."""

from dataclasses import dataclass
from typing import NamedTuple, Protocol

from mixer.adapter import CheckResult, Code, Env, Info, Status, Template, Variety


class Instance(NamedTuple):
    """One greeting, made for one request."""

    name: str
    words: str = ""
    """How the client greets."""
    hour: int = 12
    """When it does."""


class GreetingHandler(Protocol):
    """What a handler of this template has."""

    def handle_greeting(self, instance: Instance) -> CheckResult:
        """Says whether the greeting will do."""


GREETING = Template(
    name="greeting", variety=Variety.CHECK, instance=Instance, handler=GreetingHandler
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """What the greeter expects."""

    expected: str = "hello"
    """What a greeting must say."""


class Handler:
    """Lets the polite pass."""

    def __init__(self, params: Params, env: Env) -> None:
        self._expected = params.expected

    def handle_greeting(self, instance: Instance) -> CheckResult:
        """OK for what is expected, else PERMISSION_DENIED."""
        if instance.words == self._expected:
            return CheckResult(status=Status())
        return CheckResult(status=Status(code=Code.PERMISSION_DENIED, message="say it nicely"))


INFO = Info(
    name="greeter",
    description="Lets those pass who greet as expected.",
    templates=(GREETING,),
    params=Params,
    build=Handler,
)
