"""The client of the API server, and what it is asked for."""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from adapters.kubernetesenv.objects import Raw
from mixer.adapter import needs_extra

with needs_extra("kubernetes"):
    from kubernetes import client, config

_PAGE_SIZE = 500
_LIST_TIMEOUT_S = (5, 30)
"""To connect, and between two pieces of an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One kind of object."""

    name: str
    """In the plural, as in URLs."""
    ask: Callable[..., Any]
    """The client's method that lists or watches it in all namespaces."""

    def page(self, token: str) -> tuple[list[Raw], str, str]:
        """Some of the objects, the version of the list, and the token of the next page if any.

        Raises ApiException, urllib3's HTTPError, or ValueError.
        """
        # The client's models take ten times as long to make as the answer takes to decode.
        answer = self.ask(
            limit=_PAGE_SIZE,
            _continue=token,
            _preload_content=False,
            _request_timeout=_LIST_TIMEOUT_S,
        )
        content = json.loads(answer.data)
        metadata: Mapping[str, str] = content["metadata"]
        return content["items"], metadata["resourceVersion"], metadata.get("continue", "")


def connect(kubeconfig_path: str) -> tuple[Resource, ...]:
    """Pods, replica sets, replication controllers and services; makes no connection yet.

    Raises ConfigException where it can't be known how to connect.
    """
    settings = client.Configuration()
    path = os.environ.get("KUBECONFIG") or kubeconfig_path
    if path:
        config.load_kube_config(
            config_file=path, client_configuration=settings, persist_config=False
        )
    else:
        config.load_incluster_config(client_configuration=settings)
    settings.retries = False
    api = client.ApiClient(settings)
    core, apps = client.CoreV1Api(api), client.AppsV1Api(api)
    return (
        Resource(name="pods", ask=core.list_pod_for_all_namespaces),
        Resource(name="replicasets", ask=apps.list_replica_set_for_all_namespaces),
        Resource(
            name="replicationcontrollers",
            ask=core.list_replication_controller_for_all_namespaces,
        ),
        Resource(name="services", ask=core.list_service_for_all_namespaces),
    )
