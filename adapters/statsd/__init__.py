"""Adapter `statsd`: sends metric instances to a statsd server, as datagrams.

=============  ==============================================================================
`params`       what a configuration says
`validation`   what is wrong with params and instances (pure)
`name`         a template and dimensions → the name of a metric (pure)
`line`         a metric's kind, name and value → lines of the protocol (pure)
`sender`       lines → datagrams
`handler`      instances → lines → an `Outbox`, whose thread sends
=============  ==============================================================================

Params, defaults and lines are those of istio 1.4 `mixer/adapter/statsd`. Different on purpose: a
template that names a missing dimension is refused with the configuration; numbers may be
DISTRIBUTION (they were counted); COUNTER and GAUGE take DOUBLE; names are cleaned of what the
protocol would misread; the number of series is bounded. New is `dimensions_as_tags`.
"""

from typing import Final

from adapters.statsd.handler import build
from adapters.statsd.params import Params
from adapters.statsd.validation import validate
from mixer.adapter import Info
from mixer.template import metric

INFO: Final = Info(
    name="statsd",
    description="Sends metrics to a statsd server, as datagrams.",
    templates=(metric.TEMPLATE,),
    params=Params,
    build=build,
    validate=validate,
)
