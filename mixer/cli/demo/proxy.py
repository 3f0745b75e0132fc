"""The Envoy of the demo: it asks the Mixer in all ways, and shows in headers what Mixer said."""

from collections.abc import Iterator
from typing import Final

from mixer.envoy.bootstrap import bootstrap, cluster, grpc_cluster, http_listener, route
from mixer.envoy.filters import ext_authz, http_access_log, rate_limit
from mixer.envoy.part import Part

LISTENER: Final = "http"
RULE, HANDLER, REASON, CODE = (f"x-mixer-{name}" for name in ("rule", "handler", "reason", "code"))
"""Response headers that say who denied a request, and why."""
QUOTA_HEADER: Final = "x-client"
"""The request header that says whose requests are counted."""

_MIXER: Final = "mixer"
_UPSTREAM: Final = "upstream"
_DENIAL: Final = "envoy.filters.http.ext_authz"
_PER_ROUTE: Final = (
    "type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute"
)


def demo_bootstrap(listen: str, mixer: str, upstream: str) -> Part:
    """The configuration of an Envoy at `listen` that asks `mixer` and sends on to `upstream`."""
    check = ext_authz(_MIXER, encode_raw_headers=True, status_on_error={"code": 503})
    listener = http_listener(
        [check, rate_limit(_MIXER, "demo")],
        [_route()],
        name=LISTENER,
        address=listen,
        access_log=[http_access_log(_MIXER)],
    )
    return bootstrap([listener], [cluster(_UPSTREAM, upstream), grpc_cluster(_MIXER, mixer)])


def _route() -> Part:
    destination = {"destination.service.name": "reviews", "destination.namespace": "default"}
    return {
        **route(_UPSTREAM, rate_limits=[{"actions": list(_descriptor())}]),
        "typed_per_filter_config": {
            _DENIAL: {
                "@type": _PER_ROUTE,
                "check_settings": {"context_extensions": destination},
            }
        },
        "response_headers_to_add": [
            _header(name, f"%DYNAMIC_METADATA({_DENIAL}:{name.removeprefix('x-mixer-')})%")
            for name in (RULE, HANDLER, REASON, CODE)
        ],
    }


def _descriptor() -> Iterator[Part]:
    # Names the quota `requests`, and its dimension: the attribute source.name. Without the header
    # there is no descriptor, and Envoy asks for nothing.
    yield {"generic_key": {"descriptor_key": "quota", "descriptor_value": "requests"}}
    yield {"request_headers": {"header_name": QUOTA_HEADER, "descriptor_key": "source.name"}}


def _header(name: str, value: str) -> Part:
    return {"header": {"key": name, "value": value}, "append_action": "OVERWRITE_IF_EXISTS_OR_ADD"}
