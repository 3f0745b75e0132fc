"""Template `edge`: who called whom, for service graphs."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from mixer.adapter import Template, Variety
from mixer.attribute.value import ZERO_TIMESTAMP, Timestamp


class Instance(NamedTuple):
    """One edge instance, made for one request."""

    name: str
    """Full name of the instance, such as `x.instance.istio-system`."""
    timestamp: Timestamp = ZERO_TIMESTAMP
    source_workload_namespace: str = ""
    source_workload_name: str = ""
    source_owner: str = ""
    source_uid: str = ""
    destination_workload_namespace: str = ""
    destination_workload_name: str = ""
    destination_owner: str = ""
    destination_uid: str = ""
    destination_service_namespace: str = ""
    destination_service_name: str = ""
    context_protocol: str = ""
    api_protocol: str = ""


class Handler(Protocol):
    """What a handler of this template has."""

    def handle_edge(self, instances: Sequence[Instance]) -> None:
        """Records the edges."""


TEMPLATE = Template(name="edge", variety=Variety.REPORT, instance=Instance, handler=Handler)
