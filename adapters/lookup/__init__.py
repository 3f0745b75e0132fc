"""Adapter `lookup`: attributes out of a table, by key.

The smallest attribute generator: with `key: source.uid` and a table of owners, rules can ask for
the owner of a request's source as for any other attribute. The table stands in the configuration,
or in a file of comma-separated values, or in both. The modules, in the order in which a row meets
them:

- `params.py`: what can be configured.
- `csv_file.py`: reads the rows of a file.
- `table.py`: the kinds of tables, each made for quick look-ups.
- `handler.py`: keeps a table, renews it when its file changes, and answers.
"""

from adapters.lookup.handler import Handler
from adapters.lookup.params import Params, validate
from adapters.lookup.table import KeyType
from mixer.adapter import Env, Info
from mixer.template import lookup

__all__ = ["INFO", "KeyType", "Params"]


def _build(params: Params, env: Env) -> Handler:
    handler = Handler(params, env)
    if params.file:
        env.scheduler.every(params.refresh_interval.seconds, handler.refresh)
    return handler


INFO = Info(
    name="lookup",
    description="Generates attributes from a table of keys, in the configuration or in a CSV file.",
    templates=(lookup.TEMPLATE,),
    params=Params,
    build=_build,
    validate=validate,
)
