"""The metrics of one address, and the families that `prometheus_client` writes out for them."""

import math
import threading
from collections.abc import Iterator
from itertools import accumulate

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    UnknownMetricFamily,
)
from prometheus_client.core import Metric as Family
from prometheus_client.utils import floatToGoString

from adapters.prometheus.definition import Definition
from adapters.prometheus.params import Kind
from adapters.prometheus.series import Metric, Row


class Table:
    """The metrics that the handlers of one address hold; a collector of `prometheus_client`.

    While a configuration is replaced, the old handlers and the new ones hold metrics at the same
    time. Equal definitions are one metric then, so its values survive. Of different definitions
    of one name only the newest is shown; the older goes with its last handler.
    """

    def __init__(self) -> None:
        self.lock = threading.Lock()
        """Held by whoever reads or changes metrics or cells."""
        self.removal_count: int = 0
        """Grows when a cell leaves its metric: cells kept elsewhere must be looked up again."""
        self._metrics: dict[str, list[Metric]] = {}

    def hold(self, definition: Definition) -> Metric:
        """The metric of a definition, new or shared; to be given back by `release`."""
        with self.lock:
            same_name = self._metrics.setdefault(definition.name, [])
            found = [metric for metric in same_name if metric.definition == definition]
            metric = found[0] if found else Metric(definition)
            metric.definition = definition  # the help text may be another
            metric.holder_count += 1
            same_name[:] = [m for m in same_name if m is not metric] + [metric]
            return metric

    def release(self, metric: Metric) -> None:
        """Gives back what `hold` gave."""
        with self.lock:
            metric.holder_count -= 1
            if metric.holder_count == 0:
                same_name = self._metrics[metric.definition.name]
                same_name.remove(metric)
                if not same_name:
                    del self._metrics[metric.definition.name]

    def expire(self, metrics: list[Metric], before_s: float) -> None:
        """Forgets the series of `metrics` that have had no sample since `before_s`."""
        with self.lock:
            for metric in metrics:
                self.removal_count += metric.expire(before_s)

    def collect(self) -> Iterator[Family]:
        """The families for one scrape; what they hold is copied metric by metric."""
        dropped = CounterMetricFamily(
            "mixer_prometheus_dropped_samples",
            "Samples that would have needed more series than max_series.",
            labels=["metric"],
        )
        with self.lock:
            shown = [same_name[-1] for same_name in self._metrics.values()]
        for metric in shown:
            with self.lock:
                definition, rows = metric.definition, metric.rows()
            yield _family(definition, rows)
            dropped.add_metric([definition.name], metric.dropped.count)
        yield dropped


def _family(definition: Definition, rows: list[Row]) -> Family:
    if definition.kind is Kind.DISTRIBUTION:
        return _histogram(definition, rows)
    family = _number_family(definition)
    for labels, (number,) in rows:
        family.add_metric(labels, number)
    return family


def _number_family(
    definition: Definition,
) -> CounterMetricFamily | GaugeMetricFamily | UnknownMetricFamily:
    name, text, labels = definition.name, definition.help, definition.labels
    if definition.kind is Kind.GAUGE:
        return GaugeMetricFamily(name, text, labels=labels)
    if name.endswith("_total"):
        return CounterMetricFamily(name, text, labels=labels)
    # The client adds `_total` to the name of every counter; dashboards know the name without.
    return UnknownMetricFamily(name, text, labels=labels)


def _histogram(definition: Definition, rows: list[Row]) -> Family:
    family = HistogramMetricFamily(definition.name, definition.help, labels=definition.labels)
    bounds = [_bound_text(bound) for bound in (*definition.bounds, math.inf)]
    for labels, (total, *counts) in rows:
        buckets = list(zip(bounds, accumulate(counts), strict=True))
        family.add_metric(labels, buckets, total)
    return family


def _bound_text(bound: float) -> str:
    text: str = floatToGoString(bound)  # type: ignore[no-untyped-call]
    return text
