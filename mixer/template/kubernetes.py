"""Template `kubernetes`: which pods, of which services, are talking to each other?

A generator: what its handler returns becomes attributes, by the instance's `attribute_bindings`.
After istio 1.4 `mixer/adapter/kubernetesenv/template`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from mixer.adapter import Template, Variety


class Instance(NamedTuple):
    """One kubernetes instance, made for one request."""

    name: str
    """Full name of the instance, such as `x.instance.istio-system`."""
    source_uid: str = ""
    """`kubernetes://NAME.NAMESPACE` of the pod that asks; with one, the address is not used."""
    source_ip: bytes = b""
    """The address of the pod that asks."""
    destination_uid: str = ""
    """The same of the pod that is asked."""
    destination_ip: bytes = b""
    destination_port: int = 0
    """The port that the pod is asked on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """What is known of the two pods; None is an absent attribute."""

    source_pod_uid: str | None = None
    """`kubernetes://NAME.NAMESPACE`."""
    source_pod_ip: bytes | None = None
    source_pod_name: str | None = None
    source_labels: Mapping[str, str] | None = None
    source_namespace: str | None = None
    source_service_account_name: str | None = None
    source_host_ip: bytes | None = None
    source_owner: str | None = None
    """What controls the pod: `kubernetes://apis/apps/v1/namespaces/NS/deployments/NAME`."""
    source_workload_uid: str | None = None
    """`istio://NAMESPACE/workloads/NAME`."""
    source_workload_name: str | None = None
    source_workload_namespace: str | None = None
    source_service_name: str | None = None
    """A service that the pod belongs to; both fields on services are this project's own."""
    source_service_namespace: str | None = None
    destination_pod_uid: str | None = None
    """`kubernetes://NAME.NAMESPACE`."""
    destination_pod_ip: bytes | None = None
    destination_pod_name: str | None = None
    destination_container_name: str | None = None
    """The container that listens on the port."""
    destination_labels: Mapping[str, str] | None = None
    destination_namespace: str | None = None
    destination_service_account_name: str | None = None
    destination_host_ip: bytes | None = None
    destination_owner: str | None = None
    """What controls the pod: `kubernetes://apis/apps/v1/namespaces/NS/deployments/NAME`."""
    destination_workload_uid: str | None = None
    """`istio://NAMESPACE/workloads/NAME`."""
    destination_workload_name: str | None = None
    destination_workload_namespace: str | None = None
    destination_service_name: str | None = None
    """A service that the pod belongs to, or whose address is the destination's."""
    destination_service_namespace: str | None = None


class Handler(Protocol):
    """What a handler of this template has."""

    def generate_kubernetes(self, instance: Instance) -> Output:
        """Tells what is known of the pods."""


TEMPLATE = Template(
    name="kubernetes",
    variety=Variety.ATTRIBUTE_GENERATOR,
    instance=Instance,
    handler=Handler,
    output=Output,
)
