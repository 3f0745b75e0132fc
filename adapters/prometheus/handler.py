"""The way from an instance to its series: what Report pays for each sample.

Theory of operation. A cell is found twice: by the texts of its labels in its `Metric`, which is
the truth and survives the handler; and by the raw values of the dimensions in the handler's own
rows, which is what happens for each sample. Rows are found by the tuple of values; a row holds
cells by instance name. Samples of one request share one mapping of dimensions, so one look-up of
a row (the dear part: 19 values are hashed and compared) serves all of them. What keeps this right:

- Raw values stand for texts because the type of a dimension is fixed for one handler.
- Tuples are in the order of the names, so the mapping alone determines its tuple.
- When a cell leaves its metric (expiry, by this handler or another), all rows are forgotten.
- No more rows are kept than all metrics together may have series.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from adapters.prometheus import exporter
from adapters.prometheus.definition import define, sanitise
from adapters.prometheus.params import Params
from adapters.prometheus.series import Cell, Metric
from adapters.sample import number_of, refused
from adapters.series_key import Key, dimension_types, series_key
from mixer.adapter import Env, InstanceType, Value, stringify
from mixer.template.metric import Instance

Dimensions = Mapping[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An instance that rules send, and where its samples go."""

    metric: Metric
    dimensions: tuple[str, ...]
    """The names of its dimensions, in the order of the metric's labels."""
    key: Key
    """Makes, of a mapping of dimensions, what finds its row."""
    max_series: int


class PrometheusHandler:
    """Records metric instances; see the module for how."""

    def __init__(self, params: Params, env: Env) -> None:
        """Opens the port at need; raises OSError that names the address."""
        self._exporter = exporter.acquire(params.listen_address)
        self._table = self._exporter.table
        self._metrics = [self._table.hold(define(info)) for info in params.metrics]
        self._sources = {
            info.instance_name: _source(
                metric, env.instances[info.instance_name], info.max_series or params.max_series
            )
            for info, metric in zip(params.metrics, self._metrics, strict=True)
            if info.instance_name in env.instances
        }
        self._rows: dict[Hashable, dict[str, Cell]] = {}
        self._removal_count = 0
        self._max_rows = sum(source.max_series for source in self._sources.values())
        self._clock = env.clock

    @property
    def port(self) -> int:
        """The port of the page `/metrics`."""
        return self._exporter.port

    def handle_metric(self, instances: Sequence[Instance]) -> None:
        """Records the samples.

        Raises ValueError that names the samples whose value the metric cannot take, after all
        others have been recorded.
        """
        failures: list[str] = []
        now_s = self._clock.monotonic()
        shared: Dimensions | None = None
        row: dict[str, Cell] = {}
        with self._table.lock:
            self._forget_removed()
            for instance in instances:
                try:
                    if instance.dimensions is not shared:
                        row = self._row(instance)
                        shared = instance.dimensions
                    cell = row.get(instance.name) or self._add(instance, row)
                    value = instance.value
                    if type(value) is not int and type(value) is not float:
                        value = number_of(value)
                    cell.record(value, now_s)
                except ValueError as error:
                    failures.append(f"{instance.name}: {error}")
        if failures:
            raise refused(failures, len(instances))

    def close(self) -> None:
        """Gives up its metrics; the last handler of an address closes the port."""
        for metric in self._metrics:
            self._table.release(metric)
        exporter.release(self._exporter)

    def expire(self, age_s: float) -> None:
        """Forgets the series of this handler's metrics that had no sample for `age_s` seconds."""
        self._table.expire(self._metrics, self._clock.monotonic() - age_s)

    def _forget_removed(self) -> None:
        if self._removal_count != self._table.removal_count:
            self._removal_count = self._table.removal_count
            self._rows.clear()

    def _row(self, instance: Instance) -> dict[str, Cell]:
        key = self._source(instance).key(instance.dimensions)
        row = self._rows.get(key)
        if row is None:
            if len(self._rows) >= self._max_rows:
                self._rows.clear()
            row = self._rows[key] = {}
        return row

    def _add(self, instance: Instance, row: dict[str, Cell]) -> Cell:
        source = self._source(instance)
        labels = tuple(stringify(instance.dimensions[name]) for name in source.dimensions)
        cell = row[instance.name] = source.metric.cell(labels, source.max_series)
        return cell

    def _source(self, instance: Instance) -> Source:
        source = self._sources.get(instance.name)
        if source is None:
            raise ValueError("no metric for this instance")
        return source


def build(params: Params, env: Env) -> PrometheusHandler:
    """Makes a handler; raises OSError where the port cannot be opened."""
    handler = PrometheusHandler(params, env)
    policy = params.metrics_expiration_policy
    if policy is not None:
        age_s = policy.metrics_expiry_duration.seconds
        interval_s = policy.expiry_check_interval_duration.seconds or age_s / 2
        env.scheduler.every(interval_s, lambda: handler.expire(age_s))
    return handler


def _source(metric: Metric, instance: InstanceType, max_series: int) -> Source:
    names = tuple(sorted(dimension_types(instance), key=sanitise))
    return Source(metric=metric, dimensions=names, key=series_key(instance), max_series=max_series)
