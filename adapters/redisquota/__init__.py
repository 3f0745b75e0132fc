"""Adapter `redisquota`: rate limits that many Mixers share, counted in Redis.

After istio 1.4 `mixer/adapter/redisquota`. How a call is answered, and the module of each step:

- `params.py`, `validation.py`, `address.py`: what can be configured, and what is wrong with it.
- `limit.py`: the first override whose dimensions the instance has takes the place of the quota's
  own amount; each limit counts every combination of dimension values apart, in a cell.
- `counts.py`: one script does all that a call needs, in one round trip; or what is counted without
  Redis.
- `script.py`: the scripts, `call.lua` behind `fixed_window.lua` or `rolling_window.lua`.
- `client.py`: a Redis or a cluster of them.
- `stand_in.py`: who answers while Redis is away, where that is wished.
- `handler.py`: puts these together.
"""

from adapters.redisquota.client import RedisClient
from adapters.redisquota.counts import Counts, GrantAll, LocalCounts, RedisCounts
from adapters.redisquota.handler import Handler
from adapters.redisquota.params import Algorithm, OnFailure, Override, Params, Quota, Tls
from adapters.redisquota.stand_in import WithStandIn
from adapters.redisquota.validation import validate
from mixer.adapter import Env, Info
from mixer.template import quota

__all__ = ["INFO", "Algorithm", "OnFailure", "Override", "Params", "Quota", "Tls"]


def _build(params: Params, env: Env) -> Handler:
    client = RedisClient(params, env.clock.monotonic)
    counts: Counts = RedisCounts(client, params.key_prefix or env.handler, params)
    if params.on_failure is not OnFailure.DENY:
        counts = WithStandIn(counts, _stand_in(params, env), env)
    return Handler(params, counts, client)


def _stand_in(params: Params, env: Env) -> Counts:
    if params.on_failure is OnFailure.ALLOW:
        return GrantAll()
    return LocalCounts(params, env.instances, env.clock)


INFO = Info(
    name="redisquota",
    description="Rate limits that many Mixers share, counted in Redis.",
    templates=(quota.TEMPLATE,),
    params=Params,
    build=_build,
    validate=validate,
    may_block=True,
)
