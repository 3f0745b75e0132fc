"""The Envoy of an arm: one worker, HTTP/1.1 and HTTP/2, alike in all arms but for its filters."""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Final

from benchmarks.arm import Place
from benchmarks.child import running_on
from mixer.envoy.bootstrap import bootstrap, cluster, http_listener, route
from mixer.envoy.part import Part
from mixer.envoy.process import EnvoyOptions, EnvoyProcess

LISTENER: Final = "http"
UPSTREAM: Final = "upstream"
_NO_LIMIT: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """What is different in the Envoys of different arms."""

    filters: tuple[Part, ...] = ()
    """HTTP filters, in order."""
    clusters: tuple[Part, ...] = ()
    """What they call."""
    access_log: tuple[Part, ...] = ()
    rate_limits: tuple[Part, ...] = ()
    """What the route says to filters that limit rates."""
    settings_of_filters: Mapping[str, Part] = field(default_factory=dict)
    """What the route says to other filters, by their names."""
    stats_tags: tuple[tuple[str, str], ...] = ()
    """Tags of stats, and the patterns that find them."""
    component_log_level: str = ""
    """As `EnvoyOptions` has it."""


def start_envoy(proxy: Proxy, place: Place, stack: ExitStack) -> EnvoyProcess:
    """Runs it until the stack ends; raises EnvoyError."""
    options = EnvoyOptions(concurrency=1, component_log_level=proxy.component_log_level)
    with running_on(place.cores):
        return stack.enter_context(EnvoyProcess(_config(proxy, place.upstream), options))


def _config(proxy: Proxy, upstream: str) -> Part:
    clusters = [cluster(UPSTREAM, upstream), *proxy.clusters]
    for one in clusters:
        one["circuit_breakers"] = {"thresholds": [_thresholds()]}
    return {
        **bootstrap([_listener(proxy)], clusters),
        "stats_config": {
            "stats_tags": [{"tag_name": tag, "regex": regex} for tag, regex in proxy.stats_tags]
        },
    }


def _listener(proxy: Proxy) -> Part:
    """The listener, without all that costs time and that no arm needs."""
    way = {
        **route(UPSTREAM, rate_limits=list(proxy.rate_limits)),
        "typed_per_filter_config": dict(proxy.settings_of_filters),
    }
    listener = http_listener(
        proxy.filters,
        [way],
        name=LISTENER,
        access_log=list(proxy.access_log),
        generate_request_id=False,
    )
    manager = listener["filter_chains"][0]["filters"][0]["typed_config"]
    manager["http_filters"][-1]["typed_config"]["dynamic_stats"] = False
    return listener


def _thresholds() -> Part:
    # Envoy lets 1024 requests wait, and refuses the others: that would not be a policy's answer.
    names = ("max_connections", "max_pending_requests", "max_requests")
    return dict.fromkeys(names, _NO_LIMIT)
