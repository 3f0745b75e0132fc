"""A port for a server that must know its own before it starts."""

import contextlib
import random
import socket
from typing import Final

_PORTS: Final = range(10_240, 22_000)
"""Systems give higher ones to whoever takes any; and a Redis in a cluster takes the one that is
10,000 higher, too."""


def free_port() -> int:
    """A port of loopback that nobody listens on, and that nobody gets by chance soon after.

    Raises OSError where there is none.
    """
    for port in random.sample(_PORTS, len(_PORTS)):
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise OSError(f"no port from {_PORTS.start} to {_PORTS.stop - 1} is free")
