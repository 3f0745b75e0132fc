"""All that runs during the demo: Mixer and upstream in this process, and an Envoy between them."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mixer.cli.demo.policy import Policy, copy_policy
from mixer.cli.demo.proxy import LISTENER, demo_bootstrap
from mixer.envoy.process import EnvoyProcess
from mixer.envoy.upstream import Upstream
from mixer.server.options import ServerOptions
from mixer.server.server import MixerServer

_FREE: Final = "127.0.0.1:0"
_GRACE_S: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What is running."""

    mixer: MixerServer
    envoy: EnvoyProcess
    policy: Policy

    @property
    def address(self) -> str:
        """Where Envoy takes requests, HOST:PORT."""
        return self.envoy.addresses[LISTENER]


@contextmanager
def set_up(listen: str) -> Iterator[Stage]:
    """Runs everything, with Envoy at `listen` (HOST:PORT), and ends it all.

    Raises EnvoyError when Envoy does not run, and OSError when a Mixer's address can't be had.
    """
    with (
        tempfile.TemporaryDirectory(prefix="mixs-demo-") as folder,
        Upstream() as upstream,
    ):
        policy = copy_policy(Path(folder))
        with (
            _serving(policy) as mixer,
            EnvoyProcess(demo_bootstrap(listen, mixer.address, upstream.address)) as envoy,
        ):
            yield Stage(mixer=mixer, envoy=envoy, policy=policy)


@contextmanager
def _serving(policy: Policy) -> Iterator[MixerServer]:
    server = MixerServer(
        ServerOptions(
            address=_FREE,
            monitoring_address=_FREE,
            config=policy.directory,
            grace_s=_GRACE_S,
        )
    )
    server.start()
    try:
        yield server
    finally:
        server.stop()
