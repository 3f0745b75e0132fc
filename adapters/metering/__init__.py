"""Adapter `metering`: keeps who used how much of what, in a ledger that bills are made of.

The way of a sample, and the modules:

===============  ===================================================================
`params`         what a configuration says
`validation`     what is wrong with params and instances (pure)
`amount`         a value → an exact amount (pure)
`record`         an instance → a usage record with an id (pure)
`handler`        instances → records → the ledger
`group_commit`   calls that come at once share one transaction
`ledger`         where records are kept: SQLite or PostgreSQL
`prices`         what usage costs: plans with tiers; for `mixs ledger invoice`
===============  ===================================================================

A call returns when its records are on disk, not before. A record that comes again is known by its
id, and not counted again. So a client that resends whatever was not acknowledged is charged for
everything, and for nothing twice, whenever any process on the way is killed.
"""

from typing import Final

from adapters.metering.handler import build
from adapters.metering.params import IdFrom, Meter, Params
from adapters.metering.validation import validate
from mixer.adapter import Info
from mixer.template import metric

__all__ = ["INFO", "IdFrom", "Meter", "Params"]

INFO: Final = Info(
    name="metering",
    description="Keeps usage records for billing, in SQLite or PostgreSQL.",
    templates=(metric.TEMPLATE,),
    params=Params,
    build=build,
    validate=validate,
    may_block=True,
    is_durable=True,
)
