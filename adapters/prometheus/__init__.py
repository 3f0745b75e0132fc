"""Adapter `prometheus`: exposes metric instances for Prometheus to scrape.

A handler turns each instance into one sample of one metric. All handlers of the process that name
one `listen_address` share one port and one table of metrics, so that values survive a change of
configuration that keeps the metric. The way of a sample, and the modules:

=============  ====================================================================
`params`       what a configuration says
`definition`   params → what Prometheus is told: names, labels, bounds (pure)
`validation`   what is wrong with params and instances (pure)
`series`       a metric, and its series with their values
`table`        the metrics of one address; hands them to `prometheus_client`
`exporter`     the port of one address
`handler`      instances → series
=============  ====================================================================

Kinds, names, buckets and values are those of istio 1.4 `mixer/adapter/prometheus`. Different on
purpose: labels and dimensions must match when the configuration is checked, not when the first
request arrives; a metric that is defined anew loses its own values only, not those of all others;
a metric that no handler has any more disappears; the number of series is bounded.
"""

from typing import Final

from adapters.prometheus.handler import build
from adapters.prometheus.params import Params
from adapters.prometheus.validation import validate
from mixer.adapter import Info
from mixer.template import metric

INFO: Final = Info(
    name="prometheus",
    description="Exposes metrics for Prometheus to scrape.",
    templates=(metric.TEMPLATE,),
    params=Params,
    build=build,
    validate=validate,
)
