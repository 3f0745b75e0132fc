"""Instances become lines, and lines wait in an outbox for their datagram."""

import random
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Final

from prometheus_client import Counter

from adapters.address import split_address
from adapters.outbox import Bounds, Outbox
from adapters.sample import refused
from adapters.series_key import Key, series_key
from adapters.series_limit import SeriesLimit
from adapters.statsd.line import line_of, number_text, type_of
from adapters.statsd.name import Name, dimensions_of, name_of, tags_of
from adapters.statsd.params import Kind, MetricInfo, Params
from adapters.statsd.sender import Sender
from mixer.adapter import Env, InstanceType, ValueType
from mixer.attribute.value import double_text
from mixer.template.metric import Instance

_DROPPED: Final = Counter(
    "mixer_adapter_statsd_dropped",
    "Lines that were not sent, or turned out to have been refused.",
    ["handler"],
)
_CLOSE_S: Final = 2.0
"""How long what waits may take to be sent when the handler is closed."""
_EXPIRY_CHECKS: Final = 2
"""How often series are looked at in the time in which they expire."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """What all samples of one series have in common."""

    name: str
    rest: str
    """What follows the number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An instance that rules send, and how its samples are written."""

    name: Name
    type: str
    has_tags: bool
    rate: float
    """The share of samples that is sent."""
    key: Key
    limit: SeriesLimit[Hashable]
    series: dict[Hashable, Series] = field(default_factory=dict)

    def series_of(self, key: Hashable, instance: Instance) -> Series:
        """The series of a sample, made at need."""
        found = self.series.get(key)
        if found is None:
            rate = f"|@{double_text(self.rate)}" if self.rate < 1 else ""
            tags = tags_of(instance.dimensions) if self.has_tags else ""
            found = self.series[key] = Series(
                name=self.name(instance.dimensions), rest=f"|{self.type}{rate}{tags}"
            )
        return found


class StatsdHandler:
    """Sends samples; calls never wait for the network."""

    def __init__(self, params: Params, env: Env, chance: Callable[[], float]) -> None:
        """`chance` gives numbers from 0 to 1, by which it is decided what is sent."""
        self._clock = env.clock
        self._chance = chance
        self._sources = {
            name: _source(params, params.metrics[name], name, env) for name in env.instances
        }
        dropped = _DROPPED.labels(env.handler)
        self._sender = Sender(*split_address(params.address), dropped.inc)
        bounds = Bounds(
            max_waiting=params.queue_size,
            max_batch=params.flush_bytes + 1,  # the last line of a datagram needs no end
            interval_s=params.flush_duration.seconds,
            max_attempts=0,
        )
        self._outbox: Outbox[bytes] = Outbox(
            env.handler, self._sender.send, bounds, dropped.inc, lambda line: len(line) + 1
        )

    def handle_metric(self, instances: Sequence[Instance]) -> None:
        """Has the samples sent.

        Raises ValueError for a value that is no finite number, after all others have been taken.
        """
        now_s = self._clock.monotonic()
        lines, failures = [], []
        for instance in instances:
            try:
                line = self._line(instance, now_s)
            except ValueError as error:
                failures.append(f"{instance.name}: {error}")
            else:
                if line:
                    lines.append(line)
        self._outbox.put(lines)
        if failures:
            raise refused(failures, len(instances))

    def expire(self) -> None:
        """Forgets the series that had no sample for too long."""
        now_s = self._clock.monotonic()
        for source in self._sources.values():
            for key in source.limit.expire(now_s):
                source.series.pop(key, None)

    def close(self) -> None:
        """Sends what waits, for 2 seconds at most; drops and counts what is left."""
        self._outbox.stop()
        self._outbox.join(_CLOSE_S)
        self._sender.close()

    def _line(self, instance: Instance, now_s: float) -> bytes:
        """The line; empty if the sample is not sent."""
        source = self._sources[instance.name]
        number = number_text(instance.value)
        key = source.key(instance.dimensions)
        if not source.limit.admits(key, now_s):
            return b""
        if source.rate < 1 and self._chance() >= source.rate:
            return b""
        series = source.series_of(key, instance)
        is_relative = source.type == "g" and not source.has_tags
        return line_of(series.name, number, series.rest, is_relative=is_relative)


def _source(params: Params, info: MetricInfo, name: str, env: Env) -> Source:
    instance: InstanceType = env.instances[name]
    value_type = instance.fields["value"]
    assert isinstance(value_type, ValueType), "the template says so"
    template = info.name_template or name
    return Source(
        name=name_of(template, params.prefix),
        type=type_of(info.type, value_type, has_tags=params.dimensions_as_tags),
        has_tags=params.dimensions_as_tags,
        rate=1.0 if info.type is Kind.GAUGE else params.sampling_rate,
        key=series_key(instance, None if params.dimensions_as_tags else dimensions_of(template)),
        limit=SeriesLimit(
            env.handler, name, max_series=params.max_series, idle_s=params.expiry.seconds
        ),
    )


def build(params: Params, env: Env) -> StatsdHandler:
    """Makes a handler, without the server."""
    handler = StatsdHandler(params, env, random.random)
    if params.expiry > 0:
        env.scheduler.every(params.expiry.seconds / _EXPIRY_CHECKS, handler.expire)
    return handler
