"""Attributes of rate limit descriptors, and of the buckets of rate limit quotas, which look alike.

A descriptor is a list of keys and values that Envoy's `rate_limits` put together. Its entries
become attributes in three ways: all of them as the map `ratelimit.descriptor`; those that Envoy
names itself under the attribute that means the same; and every entry whose key is the name of one
of the attributes below, as that attribute. Of a key that comes twice, the last counts.
"""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from mixer.api.mapping import Mapped
from mixer.attribute.value import ValueType, packed_address


class Descriptor(NamedTuple):
    """What the rows read: one descriptor of a rate limit request, or one bucket."""

    domain: str
    entries: Mapping[str, str]


QUOTA_KEY: Final = "quota"
"""The key of the entry that names a quota; without it, the rules that match say which."""

_ADDRESSES: Final = (
    ("source.ip", "source.ip"),
    ("origin.ip", "origin.ip"),
    ("destination.ip", "destination.ip"),
    ("remote_address", "source.ip"),
    ("remote_address", "origin.ip"),
)
_TEXTS: Final = (
    ("source_cluster", "source.service"),
    ("destination_cluster", "xds.cluster_name"),
)
"""Keys that Envoy's own actions give, beside `remote_address`."""
_BY_NAME: Final = (
    *("api.operation", "api.protocol", "api.service", "api.version"),
    *("connection.requested_server_name", "context.protocol"),
    *("context.reporter.kind", "context.reporter.uid"),
    *("destination.container.name", "destination.name", "destination.namespace"),
    *("destination.owner", "destination.principal", "destination.service"),
    *("destination.service.host", "destination.service.name", "destination.service.namespace"),
    *("destination.service.uid", "destination.serviceAccount", "destination.uid"),
    *("destination.workload.name", "destination.workload.namespace", "destination.workload.uid"),
    *("origin.uid", "origin.user"),
    *("request.api_key", "request.auth.audiences", "request.auth.presenter"),
    *("request.auth.principal", "request.host", "request.id", "request.method", "request.path"),
    *("request.reason", "request.referer", "request.scheme", "request.url_path"),
    *("request.useragent", "source.name", "source.namespace", "source.owner", "source.principal"),
    *("source.service", "source.serviceAccount", "source.services", "source.uid", "source.user"),
    *("source.workload.name", "source.workload.namespace", "source.workload.uid"),
)
"""Attributes of type STRING that an entry of the same name gives."""


def rows(path: str) -> Iterator[Mapped]:
    """The mapping of entries that stand at `path`; what it reads is a `Descriptor`."""
    yield Mapped(
        path="domain",
        attribute="ratelimit.domain",
        value_type=ValueType.STRING,
        read=lambda descriptor: descriptor.domain or None,
    )
    yield Mapped(
        path=path,
        attribute="ratelimit.descriptor",
        value_type=ValueType.STRING_MAP,
        read=lambda descriptor: descriptor.entries or None,
    )
    for name in _BY_NAME:
        yield _text(path, name, name)
    for key, attribute in _TEXTS:
        yield _text(path, key, attribute)
    for key, attribute in _ADDRESSES:
        yield _address(path, key, attribute)


def _text(path: str, key: str, attribute: str) -> Mapped:
    return Mapped(
        path=f'{path}["{key}"]',
        attribute=attribute,
        value_type=ValueType.STRING,
        read=lambda descriptor: descriptor.entries.get(key) or None,
    )


def _address(path: str, key: str, attribute: str) -> Mapped:
    return Mapped(
        path=f'{path}["{key}"]',
        attribute=attribute,
        value_type=ValueType.IP_ADDRESS,
        read=lambda descriptor: packed_address(descriptor.entries.get(key, "")),
    )


ROWS: Final[tuple[Mapped, ...]] = tuple(rows("descriptors.entries"))
"""The attributes of one descriptor of a `RateLimitRequest`."""
