"""Adapter `listchecker`: is a value in a list?

The list comes from the configuration, and from a URL or file that is read again and again.
After istio 1.4 `mixer/adapter/list`. The modules, in the order in which a list meets them:

- `params.py`: what can be configured.
- `provider.py`: brings the bytes of a list from its URL or file.
- `content.py`: reads its entries, and makes a list of them.
- `entries.py`, `addresses.py`: the kinds of lists, each made for quick look-ups.
- `handler.py`: keeps a list, renews it regularly, and answers.
"""

from adapters.listchecker.content import EntryType
from adapters.listchecker.handler import Handler
from adapters.listchecker.params import Params, validate
from mixer.adapter import Env, Info
from mixer.template import listentry

__all__ = ["INFO", "EntryType", "Params"]


def _build(params: Params, env: Env) -> Handler:
    handler = Handler(params, env)
    if params.provider_url:
        handler.refresh()
        env.scheduler.every(params.refresh_interval.seconds, handler.refresh)
    return handler


INFO = Info(
    name="listchecker",
    description="Lets values pass by a whitelist or blacklist of texts, addresses or patterns.",
    templates=(listentry.TEMPLATE,),
    params=Params,
    build=_build,
    validate=validate,
)
