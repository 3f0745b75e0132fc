"""Template `logentry`: one line of a log."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from mixer.adapter import Template, Variety
from mixer.attribute.value import ZERO_TIMESTAMP, Timestamp, Value


class Instance(NamedTuple):
    """One logentry instance, made for one request."""

    name: str
    """Full name of the instance, such as `x.instance.istio-system`."""
    variables: Mapping[str, Value] = {}
    """The fields of the line."""
    timestamp: Timestamp = ZERO_TIMESTAMP
    """When it happened; year 1 when the configuration leaves it out."""
    severity: str = ""
    monitored_resource_type: str = ""
    monitored_resource_dimensions: Mapping[str, Value] = {}


class Handler(Protocol):
    """What a handler of this template has."""

    def handle_logentry(self, instances: Sequence[Instance]) -> None:
        """Writes the lines."""


TEMPLATE = Template(name="logentry", variety=Variety.REPORT, instance=Instance, handler=Handler)
