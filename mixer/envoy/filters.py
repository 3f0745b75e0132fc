"""The parts of an Envoy configuration that ask a Mixer: HTTP filters and access loggers.

Each takes the name of the Mixer's cluster and, as `fields`, more fields of its message by their
names in Envoy's API.
"""

from typing import Any, Final

from mixer.envoy.part import Part, duration, grpc_service, typed

_HTTP: Final = "envoy.extensions.filters.http"
_LOGGERS: Final = "envoy.extensions.access_loggers.grpc.v3"
_TIMEOUT_S: Final = 5.0
"""Long enough that a loaded machine does not fail tests; not what production should have."""


def ext_authz(cluster: str, timeout_s: float = _TIMEOUT_S, **fields: Any) -> Part:
    """The filter that asks `envoy.service.auth.v3.Authorization`."""
    return typed(
        "envoy.filters.http.ext_authz",
        f"{_HTTP}.ext_authz.v3.ExtAuthz",
        transport_api_version="V3",
        grpc_service=grpc_service(cluster, timeout_s),
        **fields,
    )


def rate_limit(cluster: str, domain: str, timeout_s: float = _TIMEOUT_S, **fields: Any) -> Part:
    """The filter that asks `envoy.service.ratelimit.v3.RateLimitService`.

    What it asks for is said by the `rate_limits` of routes and virtual hosts.
    """
    service = grpc_service(cluster, timeout_s)
    return typed(
        "envoy.filters.http.ratelimit",
        f"{_HTTP}.ratelimit.v3.RateLimit",
        domain=domain,
        # The filter has a timeout of its own, which is 20 ms unless it is said.
        timeout=duration(timeout_s),
        rate_limit_service={"transport_api_version": "V3", "grpc_service": service},
        **fields,
    )


def rate_limit_quota(cluster: str, domain: str, bucket_matchers: Part, **fields: Any) -> Part:
    """The filter that talks with `envoy.service.rate_limit_quota.v3.RateLimitQuotaService`.

    `bucket_matchers` is the `xds.type.matcher.v3.Matcher` that puts requests into buckets.
    """
    return typed(
        "envoy.filters.http.rate_limit_quota",
        f"{_HTTP}.rate_limit_quota.v3.RateLimitQuotaFilterConfig",
        domain=domain,
        rlqs_server={"envoy_grpc": {"cluster_name": cluster}},
        bucket_matchers=bucket_matchers,
        **fields,
    )


def http_access_log(cluster: str, log_name: str = "http", **fields: Any) -> Part:
    """The access logger that streams HTTP entries to the AccessLogService.

    `fields` are of HttpGrpcAccessLogConfig; those of its `common_config` go there.
    """
    return typed(
        "envoy.access_loggers.http_grpc",
        f"{_LOGGERS}.HttpGrpcAccessLogConfig",
        **_logger_fields(cluster, log_name, fields),
    )


def tcp_access_log(cluster: str, log_name: str = "tcp", **fields: Any) -> Part:
    """The access logger that streams TCP entries; `fields` as in `http_access_log`."""
    return typed(
        "envoy.access_loggers.tcp_grpc",
        f"{_LOGGERS}.TcpGrpcAccessLogConfig",
        **_logger_fields(cluster, log_name, fields),
    )


def _logger_fields(cluster: str, log_name: str, fields: Part) -> Part:
    common = {
        "log_name": log_name,
        "transport_api_version": "V3",
        "grpc_service": {"envoy_grpc": {"cluster_name": cluster}},
        **fields.pop("common_config", {}),
    }
    return {"common_config": common, **fields}
