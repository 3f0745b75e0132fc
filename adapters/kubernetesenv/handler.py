"""The handler: looks pods and services up, and tells what is known of them."""

import time
from typing import Any, Final

from adapters.kubernetesenv import monitoring
from adapters.kubernetesenv.api import connect
from adapters.kubernetesenv.cache import Cache
from adapters.kubernetesenv.informer import Informer
from adapters.kubernetesenv.objects import Key, Pod
from adapters.kubernetesenv.params import Params
from mixer.adapter import Env, UnavailableError
from mixer.template import kubernetes

_SCHEME: Final = "kubernetes://"
_UNSPECIFIED: Final = frozenset({b"", bytes(4), bytes(16), bytes(10) + b"\xff\xff" + bytes(4)})
_CLOSE_S: Final = 2.0


class Handler:
    """Answers from memory. Safe for use by many threads."""

    def __init__(self, params: Params, env: Env) -> None:
        """Begins to ask the API server, and does not wait for it.

        Raises ConfigException where it can't be known how to connect.
        """
        self._name = env.handler
        self._has_services = params.services
        self._cache = Cache(params.max_objects, has_services=params.services)
        self._stores = dict(zip(connect(params.kubeconfig_path), self._cache.kinds, strict=False))
        refresh_s = params.cache_refresh_duration.seconds
        self._informers: list[Informer] = []
        for resource, store in self._stores.items():
            monitoring.show(self._name, resource.name, store)
            failures = monitoring.FAILURES.labels(self._name, resource.name)
            self._informers.append(Informer(resource, store, refresh_s, env.logger, failures.inc))

    def generate_kubernetes(self, instance: kubernetes.Instance) -> kubernetes.Output:
        """What is known of both sides.

        Raises UnavailableError until everything has been listed once.
        """
        if not self._cache.is_known:
            raise UnavailableError("the pods of the cluster have not been listed yet")
        values: dict[str, Any] = {}
        source = self._find(instance.source_uid, instance.source_ip)
        if source is not None:
            values |= self._attributes("source", source)
        destination = self._find(instance.destination_uid, instance.destination_ip)
        if destination is not None:
            values |= self._attributes("destination", destination)
            container = destination.ports.get(instance.destination_port)
            values["destination_container_name"] = container
        if self._has_services:
            address = b"" if instance.source_uid else instance.source_ip
            values |= self._service("source", source, address)
            address = b"" if instance.destination_uid else instance.destination_ip
            values |= self._service("destination", destination, address)
        return kubernetes.Output(**values)

    def close(self) -> None:
        """Ends the threads; does not wait for one that a hanging server keeps."""
        for informer in self._informers:
            informer.stop()
        end_s = time.monotonic() + _CLOSE_S
        for informer in self._informers:
            informer.join(max(0.0, end_s - time.monotonic()))
        for resource, store in self._stores.items():
            monitoring.hide(self._name, resource.name, store)

    def _find(self, uid: str, address: bytes) -> Pod | None:
        if uid:
            name, _, namespace = uid.removeprefix(_SCHEME).rpartition(".")
            return self._cache.pods.get(Key(namespace, name))
        if address in _UNSPECIFIED:
            return None
        return self._cache.pods.at(_short(address))

    def _service(self, side: str, pod: Pod | None, address: bytes) -> dict[str, str]:
        services = self._cache.services
        found = services.of(pod) if pod else services.at(_short(address))
        if found is None:
            return {}
        namespace, name = found.key
        return {f"{side}_service_name": name, f"{side}_service_namespace": namespace}

    def _attributes(self, side: str, pod: Pod) -> dict[str, Any]:
        namespace, name = pod.key
        workload = self._cache.workload_of(pod)
        kind = f"{workload.kind.lower()}s"
        values = {
            "pod_uid": f"{_SCHEME}{name}.{namespace}",
            "pod_ip": pod.address,
            "pod_name": name,
            "labels": pod.labels or None,
            "namespace": namespace,
            "service_account_name": pod.service_account or None,
            "host_ip": pod.host_address,
            "owner": f"{_SCHEME}apis/{workload.api_version}/namespaces/{namespace}"
            f"/{kind}/{workload.name}",
            "workload_uid": f"istio://{namespace}/workloads/{workload.name}",
            "workload_name": workload.name,
            "workload_namespace": namespace,
        }
        return {f"{side}_{field}": value for field, value in values.items()}


def _short(address: bytes) -> bytes:
    """Addresses are kept in their short form: an IPv4 address in its IPv6 form is one."""
    mapped = len(address) == 16 and address[:12] == bytes(10) + b"\xff\xff"
    return address[12:] if mapped else address
