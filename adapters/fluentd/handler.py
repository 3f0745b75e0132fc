"""Instances become events, and events wait in an outbox for their batch."""

from collections.abc import Sequence
from typing import Final

from prometheus_client import Counter

from adapters.address import split_address
from adapters.fluentd.event import event_of
from adapters.fluentd.params import Params
from adapters.fluentd.sender import Sender
from adapters.outbox import Bounds, Outbox
from mixer.adapter import Env
from mixer.template.logentry import Instance

_DROPPED: Final = Counter(
    "mixer_adapter_fluentd_dropped", "Log entries that were not delivered.", ["handler"]
)
_CLOSE_S: Final = 5.0
"""How long what waits may take to be sent when the handler is closed."""


class FluentdHandler:
    """Sends log entries; calls never wait for the network."""

    def __init__(self, params: Params, env: Env) -> None:
        self._params = params
        self._clock = env.clock
        self._drop = _DROPPED.labels(env.handler).inc
        host, port = split_address(params.address)
        self._sender = Sender(host, port, params.push_timeout_duration.seconds)
        bounds = Bounds(
            max_waiting=params.instance_buffer_size,
            max_batch=params.max_batch_size_bytes,
            interval_s=params.push_interval_duration.seconds,
            max_attempts=0,
        )
        self._outbox: Outbox[bytes] = Outbox(
            env.handler, self._sender.send, bounds, self._drop, len
        )

    def handle_logentry(self, instances: Sequence[Instance]) -> None:
        """Has the entries sent."""
        now_ns = self._clock.now_ns()
        integer = self._params.integer_duration
        events = [event_of(one, now_ns, integer_duration=integer) for one in instances]
        longest = self._params.max_batch_size_bytes
        fitting = [event for event in events if len(event) <= longest]
        if len(fitting) < len(events):
            self._drop(len(events) - len(fitting))
        self._outbox.put(fitting)

    def close(self) -> None:
        """Sends what waits, for 5 seconds at most; drops and counts what is left."""
        self._outbox.stop()
        self._outbox.join(_CLOSE_S)
        self._sender.cut()


def build(params: Params, env: Env) -> FluentdHandler:
    """Makes a handler, without the server."""
    return FluentdHandler(params, env)
