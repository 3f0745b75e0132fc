"""What is known of all requests to a service before they come."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Self

from mixer.attribute.value import Value
from proxy_client.http.forwarded import encode_forwarded


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpService:
    """The static attributes of a service, and how it deals with forwarded ones.

    Built in layers, from the node over the server to the route; later ones overwrite by name.
    """

    attributes: Mapping[str, Value] = field(default_factory=dict)
    """Of each request that does not say otherwise itself: `destination.service.host` and so on."""
    forward_attributes: Mapping[str, str] = field(default_factory=dict)
    """Handed on to the next proxy, such as `source.uid`."""
    ignores_forwarded: bool = False
    """Whether what proxies before hand on is not believed, as behind a gateway's open door."""
    forward_header: str | None = field(init=False, compare=False)
    """The value of `x-istio-attributes` in requests that are sent on; None for no such header."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "forward_header", encode_forwarded(self.forward_attributes))

    def with_route(
        self,
        attributes: Mapping[str, Value] = MappingProxyType({}),
        forward_attributes: Mapping[str, str] = MappingProxyType({}),
    ) -> Self:
        """The same service with what a route knows beyond that."""
        return type(self)(
            attributes={**self.attributes, **attributes},
            forward_attributes={**self.forward_attributes, **forward_attributes},
            ignores_forwarded=self.ignores_forwarded,
        )
