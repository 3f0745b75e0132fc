"""Adapter `webhook`: asks any HTTP service, in JSON.

A call goes through:

- `handler.py`: one method for each template; makes the JSON of instances.
- `plain.py`: attribute values and instances as JSON data.
- `headers.py`, `signature.py`: what is configured, and that by which the service knows who asks.
- `adapters.call_out`: POST with deadline, one retry if the budget allows it, a bound on the answer.
- `answer.py`: what the service said, as a result.

What can be configured, and be wrong, is in `params.py`; the schema of both sides is in
`docs/adapters/webhook.md`.
"""

from adapters.webhook.handler import TEMPLATES, Handler
from adapters.webhook.params import Params, validate
from mixer.adapter import Info

__all__ = ["INFO", "Params"]

INFO = Info(
    name="webhook",
    description="Asks any HTTP service, in JSON.",
    templates=TEMPLATES,
    params=Params,
    build=Handler,
    validate=validate,
    may_block=True,
)
