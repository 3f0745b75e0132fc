"""All that adapters talk to, for as long as it takes."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from benchmarks.child import stop
from benchmarks.micro.adapters.postgres_server import fresh_database, running_postgres
from benchmarks.micro.adapters.redis_server import RedisServer
from benchmarks.micro.adapters.subject import Services

_NOWHERE: Final = "127.0.0.1:9"
_STOP_S: Final = 5.0


def nothing(folder: Path) -> Services:
    """Addresses at which nobody listens."""
    return Services(
        http=_NOWHERE,
        grpc=_NOWHERE,
        stream=_NOWHERE,
        datagrams=_NOWHERE,
        redis=_NOWHERE,
        postgres=f"postgresql://{_NOWHERE}/usage",
        folder=folder,
    )


@contextmanager
def running(folder: Path) -> Iterator[Services]:
    """Starts everything, and ends it."""
    with (
        RedisServer(folder) as redis,
        running_postgres() as postgres,
        fresh_database(postgres.address, "usage") as ledger,
        _receivers() as addresses,
    ):
        yield Services(redis=redis.address, postgres=ledger, folder=folder, **addresses)


@contextmanager
def _receivers() -> Iterator[Mapping[str, str]]:
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.micro.adapters.receivers"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        try:
            assert process.stdout is not None
            addresses: Mapping[str, str] = json.loads(process.stdout.readline())
            yield addresses
        finally:
            stop(process, _STOP_S)
