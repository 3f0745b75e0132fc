"""What protocol a request speaks, by its content type."""

from typing import Final

_GRPC: Final = frozenset({"application/grpc", "application/grpc+proto", "application/grpc+json"})


def is_grpc(content_type: str | None) -> bool:
    """Whether Istio's proxies took such a request for gRPC (proxy 1.4 `src/istio/control/http`)."""
    return content_type in _GRPC
