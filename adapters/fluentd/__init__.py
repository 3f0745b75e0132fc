"""Adapter `fluentd`: sends log entries to fluentd or Fluent Bit, by the forward protocol.

=============  ==============================================================================
`params`       what a configuration says, and what is wrong with it
`event`        a log entry → the bytes of an event (pure)
`sender`       events → the connection, by the library `fluent-logger`
`handler`      instances → events → an `Outbox`, whose thread sends
=============  ==============================================================================

Params, defaults, tags and records are those of istio 1.4 `mixer/adapter/fluentd`. Different on
purpose: a full buffer drops what does not fit and counts it, where the whole Report got an error;
what waits for the server is bounded by its number.
"""

from typing import Final

from adapters.fluentd.params import Params, validate
from mixer.adapter import Info, needs_extra
from mixer.template import logentry

with needs_extra("fluentd"):
    from adapters.fluentd.handler import build

INFO: Final = Info(
    name="fluentd",
    description="Sends log entries by fluentd's forward protocol.",
    templates=(logentry.TEMPLATE,),
    params=Params,
    build=build,
    validate=validate,
)
