"""Template `metric`: one sample of a measure."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from mixer.adapter import Template, Variety
from mixer.attribute.value import Value


class Instance(NamedTuple):
    """One metric instance, made for one request."""

    name: str
    """Full name of the instance, such as `x.instance.istio-system`."""
    value: Value | None = None
    """The sample; None when the configuration leaves it out."""
    dimensions: Mapping[str, Value] = {}
    """What tells one series from another. Samples of one request may share this mapping."""
    monitored_resource_type: str = ""
    monitored_resource_dimensions: Mapping[str, Value] = {}


class Handler(Protocol):
    """What a handler of this template has."""

    def handle_metric(self, instances: Sequence[Instance]) -> None:
        """Records the samples."""


TEMPLATE = Template(name="metric", variety=Variety.REPORT, instance=Instance, handler=Handler)
