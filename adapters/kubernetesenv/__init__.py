"""Adapter `kubernetesenv`: what Kubernetes knows of the pods and services that talk to each other.

After istio 1.4 `mixer/adapter/kubernetesenv`. Requests never wait for the API server: they are
answered from memory, which threads keep up to date. The modules, in the order in which a pod meets
them:

- `params.py`: what can be configured.
- `api.py`: the client of the API server, and what it is asked for.
- `informer.py`: lists the objects of one kind, then watches them.
- `objects.py`: what is kept of a pod, of what owns one, and of a service.
- `cache.py`: all of them, by name and address.
- `handler.py`: answers.
- `monitoring.py`: what Prometheus is told of it.
"""

from adapters.kubernetesenv.handler import Handler
from adapters.kubernetesenv.params import Params, validate
from mixer.adapter import Info
from mixer.template import kubernetes

__all__ = ["INFO", "Params"]

INFO = Info(
    name="kubernetesenv",
    description="Generates attributes of pods, workloads and services from a Kubernetes API.",
    templates=(kubernetes.TEMPLATE,),
    params=Params,
    build=Handler,
    validate=validate,
)
