"""Envoy's response flags: why it answered itself, or what went wrong on the way.

Entries say them as bools with long names; rules and logs know the short codes of Envoy's own log
format (`%RESPONSE_FLAGS%`, Envoy 1.40 `source/common/stream_info/utility.h`), which is also what
Istio's filter sent. Envoy's flags DO and UDO have no field, so no entry can say them.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from envoy.data.accesslog.v3.accesslog_pb2 import ResponseFlags

from mixer.attribute.kept import Kept

NO_FLAGS: Final = "-"
CODES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "failed_local_healthcheck": "LH",
        "no_healthy_upstream": "UH",
        "upstream_request_timeout": "UT",
        "local_reset": "LR",
        "upstream_remote_reset": "UR",
        "upstream_connection_failure": "UF",
        "upstream_connection_termination": "UC",
        "upstream_overflow": "UO",
        "no_route_found": "NR",
        "delay_injected": "DI",
        "fault_injected": "FI",
        "rate_limited": "RL",
        "unauthorized_details": "UAEX",
        "rate_limit_service_error": "RLSE",
        "downstream_connection_termination": "DC",
        "upstream_retry_limit_exceeded": "URX",
        "stream_idle_timeout": "SI",
        "invalid_envoy_request_headers": "IH",
        "downstream_protocol_error": "DPE",
        "upstream_max_stream_duration_reached": "UMSDR",
        "response_from_cache_filter": "RFCF",
        "no_filter_config_found": "NFCF",
        "duration_timeout": "DT",
        "upstream_protocol_error": "UPE",
        "no_cluster_found": "NC",
        "overload_manager": "OM",
        "dns_resolution_failure": "DF",
        "downstream_remote_reset": "DR",
    }
)
"""The short code by the name of the field."""

_MAX_KEPT: Final = 1024
_MAX_KEPT_BYTES: Final = 128


def flag_codes(flags: ResponseFlags) -> str:
    """The codes in the order of the fields, joined with `,`; `-` when there are none.

    Fields that are newer than this table are passed over.
    """
    return _kept[flags.SerializeToString()]


def _spell(data: bytes) -> str:
    fields = ResponseFlags.FromString(data).ListFields()
    return ",".join(CODES[field.name] for field, _ in fields if field.name in CODES) or NO_FLAGS


_kept: Final = Kept(_spell, _MAX_KEPT, lambda data, _codes: len(data) <= _MAX_KEPT_BYTES)
"""The codes by the bytes of the flags: few combinations come at all, and they come often."""
