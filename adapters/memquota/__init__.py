"""Adapter `memquota`: rate limits and allocation quotas, counted in the memory of this process.

After istio 1.4 `mixer/adapter/memquota`. How a call is answered, and the module of each step:

- `params.py`: what can be configured. Every quota instance needs a limit of its full name.
- `override.py`: the first override whose dimensions all equal the instance's takes the place of
  the quota's own amount and duration.
- `limit.py`: each limit counts every combination of dimension values apart, in a cell. A limit
  with a duration is a *rolling window* (`window.py`): amounts leave it one by one as they reach
  that age. A limit without one is a *counter*, from which only a release takes something away.
- `given.py`: a limit that comes with the call counts in place of the configured one.
- `recent.py`: a call with the deduplication id of a recent call gets that call's answer.
- `handler.py`: puts these together, under one lock.

Counts are lost when the process ends, and several servers count apart.
"""

from adapters.memquota.handler import Handler
from adapters.memquota.params import Override, Params, Quota, validate
from mixer.adapter import Env, Info
from mixer.template import quota

__all__ = ["INFO", "Override", "Params", "Quota"]


def _build(params: Params, env: Env) -> Handler:
    return Handler(params, env.instances, env.clock)


INFO = Info(
    name="memquota",
    description="Rate limits and quotas, counted in memory.",
    templates=(quota.TEMPLATE,),
    params=Params,
    build=_build,
    validate=validate,
)
