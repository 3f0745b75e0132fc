"""Where a proxy has each attribute from, so that its value is the one that Mixer is told.

Of Check, that is what Envoy's ext_authz filter sends and `mixer.api.ext_authz_v3` makes of it; of
Report, what Envoy's access log sends and `mixer.api.access_log_v3` makes of that. Sources are those
of `docs/policy_program.md`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from types import MappingProxyType
from typing import Final

from mixer.attribute.value import ValueType
from mixer.export.program import Json, Kind

Source = tuple[Json, ...]
"""A source's name and its arguments."""


class Phase(Enum):
    """When an attribute is read."""

    CHECK = auto()
    """When the request's headers have come."""
    REPORT = auto()
    """When the request has ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """An attribute that a proxy knows."""

    type: ValueType
    check: Source
    report: Source


_ABSENT: Final[Source] = ("absent",)
_CODES: Final[Json] = [
    *("LH", "UH", "UT", "LR", "UR", "UF", "UC", "UO", "NR", "DI", "FI", "RL", "UAEX", "RLSE"),
    *("DC", "URX", "SI", "IH", "DPE", "UMSDR", "RFCF", "NFCF", "DT", "UPE", "NC", "OM", "DF"),
    *("", "DR"),  # between them stands DO, of which access logs can't tell
]
"""Envoy 1.40 `envoy/stream_info/stream_info.h`, `CoreResponseFlag`, by bit."""


def _both(kind: ValueType, *source: Json) -> Known:
    return Known(type=kind, check=source, report=source)


def _reported(kind: ValueType, *source: Json) -> Known:
    return Known(type=kind, check=_ABSENT, report=source)


def _property(path: str, kind: Kind, default: Json = None) -> Source:
    return "property", path, int(kind), default


def _first(*sources: Source) -> Source:
    return "first", *map(list, sources)


_TEXT: Final = ValueType.STRING
_INT: Final = ValueType.INT64
_TIME: Final = ValueType.TIMESTAMP
_MAP: Final = ValueType.STRING_MAP
_ADDRESS: Final = ValueType.IP_ADDRESS
_START: Final = _property("request.time", Kind.TIME)

KNOWN: Final[Mapping[str, Known]] = MappingProxyType(
    {
        "api.protocol": _both(_TEXT, "api_protocol"),
        "connection.mtls": _both(ValueType.BOOL, *_property("connection.mtls", Kind.BOOL)),
        "connection.requested_server_name": _both(
            _TEXT, *_property("connection.requested_server_name", Kind.TEXT)
        ),
        "context.protocol": _both(_TEXT, "protocol"),
        "context.proxy_error_code": _reported(_TEXT, "response_flags", _CODES),
        "context.time": _both(_TIME, *_START),
        "context.timestamp": _both(_TIME, *_START),
        "destination.ip": Known(
            type=_ADDRESS,
            check=("address", "destination.address"),
            report=_first(("address", "upstream.address"), ("address", "destination.address")),
        ),
        "destination.port": Known(
            type=_INT,
            check=_property("destination.port", Kind.INT),
            report=_first(
                _property("upstream.port", Kind.INT), _property("destination.port", Kind.INT)
            ),
        ),
        "destination.principal": _both(_TEXT, "principal", "local"),
        "destination.user": _both(_TEXT, "principal", "local"),
        "origin.ip": _both(_ADDRESS, "address", "source.address"),
        "request.headers": _both(_MAP, "headers"),
        "request.host": _both(_TEXT, "filled_header", ":authority", ""),
        "request.id": _both(_TEXT, "header", "x-request-id"),
        "request.method": _both(_TEXT, "filled_header", ":method", None),
        "request.path": _both(_TEXT, "path"),
        "request.protocol": _both(_TEXT, *_property("request.protocol", Kind.TEXT)),
        "request.query_params": _both(_MAP, "query_params"),
        "request.referer": _both(_TEXT, "header", "referer"),
        "request.scheme": _both(_TEXT, "filled_header", ":scheme", "http"),
        "request.size": Known(
            type=_INT,
            check=("content_length",),
            report=_property("request.size", Kind.INT, 0),
        ),
        "request.time": _both(_TIME, *_START),
        "request.total_size": _reported(_INT, *_property("request.total_size", Kind.INT, 0)),
        "request.url_path": _both(_TEXT, "url_path"),
        "request.useragent": _both(_TEXT, "header", "user-agent"),
        "response.code": _reported(_INT, *_property("response.code", Kind.INT, 500)),
        "response.code_details": _reported(_TEXT, *_property("response.code_details", Kind.TEXT)),
        "response.duration": _reported(
            ValueType.DURATION, *_property("request.duration", Kind.DURATION, 0)
        ),
        "response.grpc_message": _reported(_TEXT, "grpc_message"),
        "response.grpc_status": _reported(_TEXT, "grpc_status"),
        "response.headers": _reported(_MAP, "response_headers"),
        "response.size": _reported(_INT, *_property("response.size", Kind.INT, 0)),
        "response.time": _reported(_TIME, "end_time"),
        "response.total_size": _reported(_INT, *_property("response.total_size", Kind.INT, 0)),
        "source.ip": _both(_ADDRESS, "address", "source.address"),
        "source.namespace": _both(_TEXT, "principal_namespace"),
        "source.port": _both(_INT, *_property("source.port", Kind.INT)),
        "source.principal": _both(_TEXT, "principal", "peer"),
        "source.service": Known(
            type=_TEXT,
            check=("filled_header", "x-envoy-downstream-service-cluster", None),
            report=_ABSENT,
        ),
        "source.user": _both(_TEXT, "principal", "peer"),
        "upstream.address": _reported(_TEXT, *_property("upstream.address", Kind.TEXT)),
        "upstream.port": _reported(_INT, *_property("upstream.port", Kind.INT)),
        "xds.cluster_name": _reported(_TEXT, *_property("xds.cluster_name", Kind.TEXT)),
        "xds.route_name": _reported(_TEXT, *_property("xds.route_name", Kind.TEXT)),
    }
)
"""By name. All that a proxy knows of a request by itself."""

OWNERS_TOO: Final = frozenset({"source.namespace", "source.service"})
"""Of these, what the owner of the proxy says goes before what a peer says."""
