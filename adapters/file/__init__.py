"""Adapter `file`: keeps log entries, metrics and spans in files: lines of JSON, or Parquet.

============  ========================================================================
`params`      what a configuration says, and what is wrong with it
`record`      instance → record: the same fields in both formats (pure)
`json_lines`  records → lines of a file that is set aside when it is full or old
`buffer`      records that wait for the next Parquet file
`parquet`     buffers → Parquet files, which appear whole; needs the extra `parquet`
`handler`     instances → records → one of the two
============  ========================================================================

istio 1.4 has nothing like it. Values in JSON, files set aside and their names are those of `stdio`.
"""

from typing import Final

from adapters.file.handler import build
from adapters.file.params import Params, validate
from mixer.adapter import Info
from mixer.template import logentry, metric, tracespan

INFO: Final = Info(
    name="file",
    description="Keeps log entries, metrics and spans in files: lines of JSON, or Parquet.",
    templates=(logentry.TEMPLATE, metric.TEMPLATE, tracespan.TEMPLATE),
    params=Params,
    build=build,
    validate=validate,
)
