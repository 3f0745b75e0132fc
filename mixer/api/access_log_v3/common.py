"""What HTTP and TCP entries have in common: node, addresses, certificates, metadata."""

from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import Any, Final

from mixer.api.access_log_v3 import values
from mixer.api.access_log_v3.flags import flag_codes
from mixer.api.access_log_v3.metadata import METADATA_ROWS
from mixer.api.mapping import Mapped, ip_address, port, row, string_map, text
from mixer.api.metadata import flatten
from mixer.api.token import token_rows
from mixer.attribute.value import Timestamp, ValueType

COMMON: Final = "common_properties"
_TLS: Final = f"{COMMON}.tls_properties"
_LOCAL: Final = f"{_TLS}.local_certificate_properties"
_PEER: Final = f"{_TLS}.peer_certificate_properties"


def _of_certificate(
    side: str, attribute: str, convert: Callable[[Iterable[Any]], str | None]
) -> Mapped:
    """A STRING of the certificate of one side; plain text connections are seen at once."""
    get = attrgetter(f"{side}_certificate_properties.subject_alt_name")

    def read(message: Any) -> str | None:
        common = message.common_properties
        return convert(get(common.tls_properties)) if common.HasField("tls_properties") else None

    path = f"{_TLS}.{side}_certificate_properties.subject_alt_name.uri"
    return Mapped(path=path, attribute=attribute, value_type=ValueType.STRING, read=read)


def _received(attribute: str) -> Mapped:
    return row("received_at", attribute, ValueType.TIMESTAMP, Timestamp)


_NODE: Final = (
    # Istio's proxies sent the workload's uid, from their own configuration; Envoy has its node id.
    text("identifier.node.id", "context.reporter.uid"),
    text("identifier.node.cluster", "xds.node.cluster"),
    text("identifier.node.locality.region", "xds.node.locality.region"),
    text("identifier.node.locality.zone", "xds.node.locality.zone"),
    text("identifier.node.locality.sub_zone", "xds.node.locality.sub_zone"),
    Mapped(
        path="identifier.node.metadata",
        attribute="xds.node.metadata",
        value_type=ValueType.STRING_MAP,
        read=attrgetter("node_metadata"),
    ),
    row("identifier.node", "context.proxy_version", ValueType.STRING, values.proxy_version),
    text("identifier.log_name", "access_log.name"),
)
_CONNECTION: Final = (
    # The direct peer is the source. What it says of whom it speaks for is the origin.
    ip_address(f"{COMMON}.downstream_direct_remote_address", "source.ip"),
    ip_address(f"{COMMON}.downstream_remote_address", "source.ip"),
    port(f"{COMMON}.downstream_direct_remote_address", "source.port"),
    port(f"{COMMON}.downstream_remote_address", "source.port"),
    ip_address(f"{COMMON}.downstream_remote_address", "origin.ip"),
    ip_address(f"{COMMON}.upstream_remote_address", "destination.ip"),
    ip_address(f"{COMMON}.downstream_local_address", "destination.ip"),
    port(f"{COMMON}.upstream_remote_address", "destination.port"),
    port(f"{COMMON}.downstream_local_address", "destination.port"),
    row(_PEER, "connection.mtls", ValueType.BOOL, values.is_certificate),
    _of_certificate("peer", "source.principal", values.principal),
    _of_certificate("peer", "source.user", values.principal),
    _of_certificate("peer", "source.namespace", values.namespace),
    _of_certificate("local", "destination.principal", values.principal),
    _of_certificate("local", "destination.user", values.principal),
    text(f"{_PEER}.subject", "connection.subject_peer_certificate"),
    text(f"{_LOCAL}.subject", "connection.subject_local_certificate"),
    text(f"{_TLS}.tls_sni_hostname", "connection.requested_server_name"),
    row(f"{_TLS}.tls_version", "connection.tls_version", ValueType.STRING, values.tls_version),
    text(f"{COMMON}.connection_termination_details", "connection.termination_details"),
    text(f"{COMMON}.downstream_transport_failure_reason", "connection.transport_failure_reason"),
)
_UPSTREAM: Final = (
    row(
        f"{COMMON}.upstream_remote_address",
        "upstream.address",
        ValueType.STRING,
        values.address_text,
    ),
    port(f"{COMMON}.upstream_remote_address", "upstream.port"),
    row(
        f"{COMMON}.upstream_local_address",
        "upstream.local_address",
        ValueType.STRING,
        values.address_text,
    ),
    text(f"{COMMON}.upstream_transport_failure_reason", "upstream.transport_failure_reason"),
    row(
        f"{COMMON}.upstream_request_attempt_count",
        "upstream.request_attempt_count",
        ValueType.INT64,
        lambda count: count or None,
    ),
    text(f"{COMMON}.upstream_cluster", "xds.cluster_name"),
    text(f"{COMMON}.route_name", "xds.route_name"),
)

COMMON_ROWS: Final[tuple[Mapped, ...]] = (
    *_NODE,
    *_CONNECTION,
    *_UPSTREAM,
    row(f"{COMMON}.response_flags", "context.proxy_error_code", ValueType.STRING, flag_codes),
    row(f"{COMMON}.access_log_type", "access_log.kind", ValueType.STRING, values.log_type),
    _received("context.timestamp"),
    _received("context.time"),
    row(f"{COMMON}.metadata", "context.metadata", ValueType.STRING_MAP, flatten),
    string_map(f"{COMMON}.custom_tags", "context.custom_tags"),
    *METADATA_ROWS,
    *token_rows(f"{COMMON}.metadata"),
)
