"""Adapter `remote`: asks a back end in a process of its own, written in any language.

The protocol is Mixer's, for its out-of-process adapters: gRPC, one service for each template
(`protos/mixer/template/*.proto`), so back ends written for Mixer 1.1 to 1.4 understand it. A call
goes through:

- `handler.py`: one method for each template; makes the request of the instance.
- `config.py`: what the back end is configured with, as a message that goes with every call, or
- `session.py`: an id in its place, for back ends that want to be told once.
- `client.py`: deadline, one retry if the budget allows it, token, errors.
- `channel.py`: the connections, plain or with TLS.

What can be configured, and be wrong, is in `params.py`.
"""

from adapters.remote.handler import Handler
from adapters.remote.params import Params, validate
from mixer.adapter import Info
from mixer.template.wire import METHODS

__all__ = ["INFO", "Params"]

INFO = Info(
    name="remote",
    description="Asks an adapter in a process of its own, over gRPC.",
    templates=tuple(method.template for method in METHODS.values()),
    params=Params,
    build=Handler,
    validate=validate,
    may_block=True,
)
