"""Template `reportnothing`: tells that a request was, and nothing of it."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from mixer.adapter import Template, Variety


class Instance(NamedTuple):
    """One reportnothing instance, made for one request."""

    name: str
    """Full name of the instance, such as `x.instance.istio-system`."""


class Handler(Protocol):
    """What a handler of this template has."""

    def handle_reportnothing(self, instances: Sequence[Instance]) -> None:
        """Takes note of the requests."""


TEMPLATE = Template(
    name="reportnothing", variety=Variety.REPORT, instance=Instance, handler=Handler
)
