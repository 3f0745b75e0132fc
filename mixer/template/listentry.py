"""Template `listentry`: is this value in a list?"""

from typing import NamedTuple, Protocol

from mixer.adapter import CheckResult, Template, Variety
from mixer.attribute.value import Value


class Instance(NamedTuple):
    """One listentry instance, made for one request."""

    name: str
    """Full name of the instance, such as `x.instance.istio-system`."""
    value: Value | None = None
    """What is looked for; None when the configuration leaves it out."""


class Handler(Protocol):
    """What a handler of this template has."""

    def handle_listentry(self, instance: Instance) -> CheckResult:
        """Says whether the value may pass."""


TEMPLATE = Template(name="listentry", variety=Variety.CHECK, instance=Instance, handler=Handler)
