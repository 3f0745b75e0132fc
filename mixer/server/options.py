"""How a server runs."""

from dataclasses import dataclass, field
from pathlib import Path

from mixer.api.throttle import ThrottleOptions
from mixer.runtime import OnConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerOptions:
    """The settings of one server process."""

    address: str = "127.0.0.1:9091"
    """`HOST:PORT`, or `unix:PATH`; port 0 takes any that is free."""
    monitoring_address: str | None = "127.0.0.1:15014"
    """`HOST:PORT` of metrics and probes; None for neither."""
    config: Path | None = None
    """Directory of the configuration; None for the embedded demo."""
    on_config_error: OnConfigError = OnConfigError.REJECT
    default_namespace: str = "istio-system"
    max_message_bytes: int = 1 << 20
    """Larger requests are refused."""
    worker_threads: int = 8
    """How many requests are answered at a time; others wait."""
    max_streams: int = 256
    """How many streams may be open; each holds one thread more. Others are refused."""
    grace_s: float = 5.0
    """How long requests that are under way may take after a stop was asked for."""
    throttle: ThrottleOptions = field(default_factory=ThrottleOptions)
    """When to refuse requests, to be able to answer others."""
    reflection: bool = False
    """Whether clients may ask for the service's definition."""
