"""Metrics: samples are added up here, and given to the SDK's exporter as its data.

A series is found by the values of its dimensions. It is cumulative: each export has all that was
recorded since the series began, so an export that fails costs nothing but its time.
"""

import threading
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from opentelemetry.sdk.metrics.export import (
    AggregationTemporality,
    Gauge,
    Histogram,
    HistogramDataPoint,
    Metric,
    NumberDataPoint,
    Sum,
)

from adapters.otlp.params import MetricInfo, Params
from adapters.otlp.values import Attribute, attributes_of
from adapters.prometheus import series as cells
from adapters.prometheus.definition import bucket_bounds
from adapters.prometheus.params import Kind
from adapters.sample import number_of
from adapters.series_key import Key, series_key
from adapters.series_limit import SeriesLimit
from mixer.adapter import Clock, Env
from mixer.template.metric import Instance

_CUMULATIVE: Final = AggregationTemporality.CUMULATIVE


@dataclass(slots=True, kw_only=True)
class Series:
    """One series of one metric."""

    attributes: Mapping[str, Attribute]
    start_ns: int
    """When its first sample came."""
    cell: cells.Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One metric: what is known of it, and its series by their dimensions."""

    info: MetricInfo
    key: Key
    limit: SeriesLimit[Hashable]
    bounds: tuple[float, ...]
    """Of the finite buckets; for a DISTRIBUTION."""
    series: dict[Hashable, Series] = field(default_factory=dict)

    def new_cell(self) -> cells.Cell:
        """A cell of the metric's kind, without a sample."""
        if self.info.kind is Kind.DISTRIBUTION:
            return cells.Histogram(self.bounds)
        return cells.Counter() if self.info.kind is Kind.COUNTER else cells.Gauge()


def sources_of(params: Params, env: Env) -> Iterator[Source]:
    """One for each metric whose instance some rule sends."""
    for info in params.metrics:
        if info.instance_name in env.instances:
            limit: SeriesLimit[Hashable] = SeriesLimit(
                env.handler,
                info.name or info.instance_name,
                max_series=params.max_series,
                idle_s=params.expiry.seconds,
            )
            yield Source(
                info=info,
                key=series_key(env.instances[info.instance_name]),
                limit=limit,
                bounds=bucket_bounds(info.buckets),
            )


class Metrics:
    """The metrics of one handler. Safe for use by many threads."""

    def __init__(self, sources: Iterable[Source], clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._sources = {source.info.instance_name: source for source in sources}

    def record(self, instance: Instance) -> None:
        """Takes one sample; raises ValueError for one that the metric cannot take."""
        source = self._sources.get(instance.name)
        if source is None:
            raise ValueError("no metric for this instance")
        number = number_of(instance.value)
        key = source.key(instance.dimensions)
        now_s = self._clock.monotonic()
        with self._lock:
            if source.limit.admits(key, now_s):
                found = source.series.get(key) or self._new_series(source, instance)
                found.cell.record(number, now_s)
                source.series[key] = found  # now, since a cell may refuse its first sample

    def expire(self) -> None:
        """Forgets the series that had no sample for too long."""
        now_s = self._clock.monotonic()
        with self._lock:
            for source in self._sources.values():
                for key in source.limit.expire(now_s):
                    source.series.pop(key, None)

    def collect(self) -> list[Metric]:
        """All series that there are, as the SDK has them; metrics without any are left out."""
        now_ns = self._clock.now_ns()
        with self._lock:
            return [_metric(source, now_ns) for source in self._sources.values() if source.series]

    def _new_series(self, source: Source, instance: Instance) -> Series:
        return Series(
            attributes=attributes_of(instance.dimensions),
            start_ns=self._clock.now_ns(),
            cell=source.new_cell(),
        )


def _metric(source: Source, now_ns: int) -> Metric:
    info = source.info
    return Metric(
        name=info.name or info.instance_name,
        description=info.description,
        unit=info.unit,
        data=_histogram(source, now_ns)
        if info.kind is Kind.DISTRIBUTION
        else _number(source, now_ns),
    )


def _number(source: Source, now_ns: int) -> Sum | Gauge:
    points = [
        NumberDataPoint(
            attributes=one.attributes,
            start_time_unix_nano=one.start_ns,
            time_unix_nano=now_ns,
            value=one.cell.values()[0],
        )
        for one in source.series.values()
    ]
    if source.info.kind is Kind.GAUGE:
        return Gauge(data_points=points)
    return Sum(data_points=points, aggregation_temporality=_CUMULATIVE, is_monotonic=True)


def _histogram(source: Source, now_ns: int) -> Histogram:
    points = []
    for one in source.series.values():
        total, *counts = one.cell.values()
        point = HistogramDataPoint(
            attributes=one.attributes,
            start_time_unix_nano=one.start_ns,
            time_unix_nano=now_ns,
            count=int(sum(counts)),
            sum=total,
            bucket_counts=[int(count) for count in counts],
            explicit_bounds=source.bounds,
            min=None,  # type: ignore[arg-type]
            max=None,  # type: ignore[arg-type]
        )
        points.append(point)
    return Histogram(data_points=points, aggregation_temporality=_CUMULATIVE)
