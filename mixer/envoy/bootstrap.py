"""Builds Envoy configurations from parts: listeners, routes, clusters.

What is left out has Envoy's default. Each function gives a plain dict, which its caller may change
where the arguments don't reach.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from mixer.envoy.part import Part, address_of, typed

FREE_ADDRESS: Final = "127.0.0.1:0"
"""Any free port; `EnvoyProcess.addresses` tells which."""

_NETWORK: Final = "envoy.extensions.filters.network"


def bootstrap(
    listeners: Sequence[Part], clusters: Sequence[Part], node: Mapping[str, Any] | None = None
) -> Part:
    """A whole configuration. `node` is who this Envoy says it is, in access logs and such."""
    return {
        "node": {"id": "envoy", "cluster": "envoy", **(node or {})},
        "static_resources": {"listeners": list(listeners), "clusters": list(clusters)},
    }


def http_listener(
    http_filters: Sequence[Part],
    routes: Sequence[Part],
    name: str = "http",
    address: str = FREE_ADDRESS,
    **manager: Any,
) -> Part:
    """A listener for HTTP; the router filter is put behind `http_filters`.

    `manager` are more fields of the HttpConnectionManager, such as `access_log`.
    """
    router = typed("envoy.filters.http.router", "envoy.extensions.filters.http.router.v3.Router")
    host = {"name": "all", "domains": ["*"], "routes": list(routes)}
    settings = {
        "stat_prefix": name,
        "http_filters": [*http_filters, router],
        "route_config": {"name": "routes", "virtual_hosts": [host]},
        **manager,
    }
    return _listener(name, address, "http_connection_manager", "HttpConnectionManager", settings)


def tcp_listener(
    cluster: str, name: str = "tcp", address: str = FREE_ADDRESS, **proxy: Any
) -> Part:
    """A listener that passes bytes on to `cluster`; `proxy` are more fields of the TcpProxy."""
    settings = {"stat_prefix": name, "cluster": cluster, **proxy}
    return _listener(name, address, "tcp_proxy", "TcpProxy", settings)


def _listener(name: str, address: str, filter_name: str, kind: str, settings: Part) -> Part:
    network_filter = typed(
        f"envoy.filters.network.{filter_name}", f"{_NETWORK}.{filter_name}.v3.{kind}", **settings
    )
    return {
        "name": name,
        "address": address_of(address),
        "filter_chains": [{"filters": [network_filter]}],
    }


def route(cluster: str, prefix: str = "/", **action: Any) -> Part:
    """A route to `cluster`; `action` are more fields of the RouteAction, such as `rate_limits`."""
    return {
        "name": f"{cluster}{prefix}",
        "match": {"prefix": prefix},
        "route": {"cluster": cluster, **action},
    }


def cluster(name: str, address: str, **fields: Any) -> Part:
    """A cluster of one endpoint; `fields` are more of `envoy.config.cluster.v3.Cluster`."""
    endpoint = {"endpoint": {"address": address_of(address)}}
    return {
        "name": name,
        "load_assignment": {
            "cluster_name": name,
            "endpoints": [{"lb_endpoints": [endpoint]}],
        },
        **fields,
    }


def grpc_cluster(name: str, address: str, **fields: Any) -> Part:
    """A cluster that is spoken to over HTTP/2, as gRPC needs."""
    options = typed(
        "envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
        "envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
        explicit_http_config={"http2_protocol_options": {}},
    )
    protocols = {options["name"]: options["typed_config"]}
    return cluster(name, address, typed_extension_protocol_options=protocols, **fields)
