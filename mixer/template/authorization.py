"""Template `authorization`: may this subject do this action?"""

from collections.abc import Mapping
from typing import NamedTuple, Protocol

from mixer.adapter import CheckResult, Template, Variety
from mixer.attribute.value import Value


class Subject(NamedTuple):
    """Who asks."""

    user: str = ""
    groups: str = ""
    properties: Mapping[str, Value] = {}


class Action(NamedTuple):
    """What is asked for."""

    namespace: str = ""
    service: str = ""
    method: str = ""
    path: str = ""
    properties: Mapping[str, Value] = {}


class Instance(NamedTuple):
    """One authorization instance, made for one request."""

    name: str
    """Full name of the instance, such as `x.instance.istio-system`."""
    subject: Subject | None = None
    """None when the configuration leaves it out."""
    action: Action | None = None
    """None when the configuration leaves it out."""


class Handler(Protocol):
    """What a handler of this template has."""

    def handle_authorization(self, instance: Instance) -> CheckResult:
        """Says whether the subject may do the action."""


TEMPLATE = Template(name="authorization", variety=Variety.CHECK, instance=Instance, handler=Handler)
