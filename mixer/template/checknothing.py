"""Template `checknothing`: a check that needs nothing of the request."""

from typing import NamedTuple, Protocol

from mixer.adapter import CheckResult, Template, Variety


class Instance(NamedTuple):
    """One checknothing instance, made for one request."""

    name: str
    """Full name of the instance, such as `x.instance.istio-system`."""


class Handler(Protocol):
    """What a handler of this template has."""

    def handle_checknothing(self, instance: Instance) -> CheckResult:
        """Says whether the request may pass."""


TEMPLATE = Template(name="checknothing", variety=Variety.CHECK, instance=Instance, handler=Handler)
