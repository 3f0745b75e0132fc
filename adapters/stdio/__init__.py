"""Adapter `stdio`: writes log entries and metrics as lines, to a stream or a file.

The lines of one call are written at once, so lines of different calls never mix. The modules:

============  =====================================================
`params`      what a configuration says, and what is wrong with it
`line`        instance → text (pure)
`sink`        text → stream or file
`rotation`    a file that is set aside when it is full
`handler`     instances → lines → sink
============  =====================================================

Streams, fields, their order and the forms of values are those of istio 1.4 `mixer/adapter/stdio`.
Different on purpose: `output_level` works; the limits on the age and number of rotated files are
not confused with one another; a file is rotated at 100 megabytes unless another size is given.
"""

from typing import Final

from adapters.stdio.handler import build
from adapters.stdio.params import Params, validate
from mixer.adapter import Info
from mixer.template import logentry, metric

INFO: Final = Info(
    name="stdio",
    description="Writes log entries and metrics as lines, to a stream or a file.",
    templates=(logentry.TEMPLATE, metric.TEMPLATE),
    params=Params,
    build=build,
    validate=validate,
)
