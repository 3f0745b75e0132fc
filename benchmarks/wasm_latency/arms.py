"""What is compared: one Envoy, with a listener for each arm; all alike but for their filters.

Each listener answers by itself, so that no upstream's time is in the figures.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.wasm_latency.policy import programs
from mixer.envoy.bootstrap import bootstrap, grpc_cluster, http_listener
from mixer.envoy.part import Part, typed
from proxy_client.wasm.build import FOLDER

_ROUTE: Final[Part] = {"match": {"prefix": "/"}, "direct_response": {"status": 200}}
_TEXT: Final = "type.googleapis.com/google.protobuf.StringValue"
_TARGETS_US: Final = {"ten rules, a list and a quota": 40.0}
NO_FILTER: Final = "no filter"
_MIXER: Final = "mixer"
_CLIENTS: Final = {
    # What is disabled, by the arm's name.
    "does nothing": {"disable_check_calls": True, "disable_report_calls": True},
    "cache hit": {"disable_report_calls": True},
    "report": {"disable_check_calls": True},
    "cache hit and report": {},
}
_CLIENT_TARGETS_US: Final = {"cache hit": 60.0, "cache hit and report": 60.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """One way to configure a listener."""

    name: str
    filters: tuple[Part, ...] = ()
    clusters: tuple[Part, ...] = ()
    """What the filters call."""
    target_us: float | None = None
    """What the filters are to add at most."""


def all_arms(
    mixer: str,
    *,
    policy_filter: Path = FOLDER / "policy_filter.wasm",
    mixer_client: Path = FOLDER / "mixer_client.wasm",
) -> Sequence[Arm]:
    """The arms; the first one is that without a filter. `mixer` is the address of one."""
    return [
        Arm(name=NO_FILTER, clusters=(grpc_cluster(_MIXER, mixer),)),
        *(
            Arm(
                name=f"policy filter, {name}",
                filters=(wasm_filter(policy_filter, json.dumps(program)),),
                target_us=_TARGETS_US.get(name),
            )
            for name, program in programs().items()
        ),
        *(
            Arm(
                name=f"Mixer's client, {name}",
                filters=(wasm_filter(mixer_client, _client_settings(service)),),
                target_us=_CLIENT_TARGETS_US.get(name),
            )
            for name, service in _CLIENTS.items()
        ),
    ]


def _client_settings(service: Part) -> str:
    """The configuration of Mixer's client, for one service."""
    settings = {
        "transport": {"check_cluster": _MIXER, "report_cluster": _MIXER},
        "default_destination_service": "cart",
        "service_configs": {"cart": service},
    }
    return json.dumps(settings)


def wasm_filter(module: Path, configuration: str) -> Part:
    """The HTTP filter of a module, which gets the text when it is configured."""
    config = {
        "vm_config": {
            "runtime": "envoy.wasm.runtime.v8",
            "code": {"local": {"filename": str(module)}},
        },
        "configuration": {"@type": _TEXT, "value": configuration},
    }
    kind = "envoy.extensions.filters.http.wasm.v3.Wasm"
    return typed("envoy.filters.http.wasm", kind, config=config)


def envoy_config(arms: Sequence[Arm]) -> Part:
    """The configuration of an Envoy with a listener named as each arm."""
    listeners = [
        http_listener(arm.filters, [_ROUTE], name=arm.name, generate_request_id=False)
        for arm in arms
    ]
    return bootstrap(listeners, [cluster for arm in arms for cluster in arm.clusters])
