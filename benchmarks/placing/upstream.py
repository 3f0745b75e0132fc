"""The upstream of all arms: an Envoy that answers everything by itself, and counts."""

from collections.abc import Sequence
from contextlib import ExitStack
from typing import Final

from benchmarks.child import running_on
from mixer.envoy.bootstrap import bootstrap, http_listener
from mixer.envoy.part import Part
from mixer.envoy.process import EnvoyOptions, EnvoyProcess

_BODY: Final = "All is well.\n"


class Upstream:
    """A running upstream: one process, and a port for each of some names, such as those of arms."""

    def __init__(self, envoy: EnvoyProcess) -> None:
        self._envoy: Final = envoy

    @property
    def pid(self) -> int:
        """The id of its process."""
        return self._envoy.pid

    def address(self, name: str) -> str:
        """HOST:PORT of that name; speaks HTTP/1.1, and HTTP/2 without TLS."""
        return self._envoy.addresses[name]

    def count(self, name: str) -> int:
        """How many requests were answered at the port of that name."""
        stat = f"http.{name}.rq_direct_response"
        # As this is a pattern, a dot may match anything, and so find more.
        return self._envoy.stats(f"^{stat}$")[stat]


def start_upstream(names: Sequence[str], cores: Sequence[int], stack: ExitStack) -> Upstream:
    """Runs until the stack ends, with one worker; raises EnvoyError."""
    listeners = [
        http_listener([], [_answer()], name=name, generate_request_id=False) for name in names
    ]
    with running_on(cores):
        envoy = EnvoyProcess(bootstrap(listeners, []), EnvoyOptions(concurrency=1))
        return Upstream(stack.enter_context(envoy))


def _answer() -> Part:
    return {
        "match": {"prefix": "/"},
        "direct_response": {"status": 200, "body": {"inline_string": _BODY}},
    }
