"""What Prometheus is told of the caches."""

from typing import Any, Final

from prometheus_client import Counter, Gauge

from adapters.kubernetesenv.cache import Objects

_LABELS: Final = ("handler", "resource")
_KEPT: Final = Gauge(
    "mixer_adapter_kubernetesenv_objects", "Objects of the cluster that are kept", _LABELS
)
_DROPPED: Final = Gauge(
    "mixer_adapter_kubernetesenv_dropped_objects",
    "Objects of the cluster for which there was no room",
    _LABELS,
)
FAILURES: Final = Counter(
    "mixer_adapter_kubernetesenv_failures_total",
    "How often the API server could not be asked",
    _LABELS,
)
_shown: Final[dict[tuple[str, str], Objects[Any]]] = {}
"""When a handler is made anew, the new one is there before the old one goes."""


def show(handler: str, resource: str, objects: Objects[Any]) -> None:
    """Shows how many objects there are, until they are hidden."""
    labels = handler, resource
    _shown[labels] = objects
    _KEPT.labels(*labels).set_function(objects.__len__)
    _DROPPED.labels(*labels).set_function(lambda: objects.dropped_count)


def hide(handler: str, resource: str, objects: Objects[Any]) -> None:
    """Shows them no more, unless a newer handler of that name has taken their place."""
    labels = handler, resource
    if _shown.get(labels) is objects:
        del _shown[labels]
        _KEPT.remove(*labels)
        _DROPPED.remove(*labels)
