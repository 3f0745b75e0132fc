"""Adapter `zipkin`: sends trace spans to a Zipkin server, or to what takes its JSON.

=============  =====================================================================
`params`       what a configuration says, and what is wrong with it
`span`         which traces are sampled; instance → span of Zipkin's API v2 (pure)
`reporter`     batches of spans → posts
`handler`      instances → sampler → reporter
=============  =====================================================================

Ids, sampling by trace id, end points, tags and the rewriting of ids shared by client and server
are those of istio 1.4 `mixer/adapter/zipkin` and `mixer/pkg/adapter/opencensus`. Different on
purpose: the low 64 bits of a trace id decide on sampling, so that ids of 64 bits are sampled too;
spans that cannot be sent wait, up to a bound, and drops are counted; sizes are tags; the tag
`error` has the HTTP status; an id that is all zeros, which Zipkin refuses, is as good as none.
"""

from typing import Final

from adapters.zipkin.handler import build
from adapters.zipkin.params import Params, validate
from mixer.adapter import Info
from mixer.template import tracespan

INFO: Final = Info(
    name="zipkin",
    description="Sends trace spans to a Zipkin server.",
    templates=(tracespan.TEMPLATE,),
    params=Params,
    build=build,
    validate=validate,
)
