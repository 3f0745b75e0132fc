"""What a configuration says to the fluentd adapter, and what is wrong with it.

Names and defaults are those of istio 1.4 `mixer/adapter/fluentd/config/config.proto`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from adapters.address import split_address
from mixer.adapter import Duration, InstanceType, ParamError

_MINUTE: Final = Duration.parse("1m")


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """One fluentd handler."""

    address: str = "localhost:24224"
    """`host:port` of the server, for TCP over IPv4."""
    integer_duration: bool = False
    """Whether durations are sent as whole milliseconds, not as text such as `1.2s`."""
    instance_buffer_size: int = 1024
    """How many log entries may wait; others are dropped and counted in
    `mixer_adapter_fluentd_dropped_total`. They are sent when this is half full, too."""
    max_batch_size_bytes: int = 8_388_608
    """Log entries are sent when they are that long together, and not more at a time. A single one
    that is longer is dropped and counted."""
    push_interval_duration: Duration = _MINUTE
    """How long log entries wait for others to fill their batch."""
    push_timeout_duration: Duration = _MINUTE
    """How long connecting, and each step of sending, may take before it counts as failed."""


def validate(params: Params, _instances: Mapping[str, InstanceType]) -> Iterator[ParamError]:
    """All that is wrong with `params`."""
    try:
        split_address(params.address)
    except ValueError as error:
        yield ParamError(field="address", message=str(error))
    for name in ("instance_buffer_size", "max_batch_size_bytes"):
        if getattr(params, name) < 1:
            yield ParamError(field=name, message="must be at least 1")
    for name in ("push_interval_duration", "push_timeout_duration"):
        if getattr(params, name) <= 0:
            yield ParamError(field=name, message="must be more than 0")
