"""What can be configured of a kubernetesenv, and what can be wrong with it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from mixer.adapter import Duration, InstanceType, ParamError

_FIVE_MINUTES: Final = Duration.parse("5m")


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """Where the API server is, and how much of it is kept in mind."""

    kubeconfig_path: str = ""
    """A kubeconfig file; the environment variable KUBECONFIG comes first. With neither, the account
    of the pod that Mixer runs in is used."""
    cache_refresh_duration: Duration = _FIVE_MINUTES
    """How often everything is listed anew, beside the changes that are told of at once."""
    max_objects: int = 50_000
    """How many pods are kept, and how many of each kind of their owners, and services. More are
    left out, and counted in `mixer_adapter_kubernetesenv_dropped_objects`."""
    services: bool = False
    """Whether services are watched too, for the attributes of services."""


def validate(params: Params, _instances: Mapping[str, InstanceType]) -> Iterable[ParamError]:
    """All that is wrong with the params; asks no API server."""
    if params.cache_refresh_duration.seconds < 1:
        yield ParamError(field="cache_refresh_duration", message="must be at least 1s")
    if params.max_objects < 1:
        yield ParamError(field="max_objects", message="must be at least 1")
