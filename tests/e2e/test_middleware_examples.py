"""The examples in examples/python, run as they are, with a Mixer that serves the demo."""

import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from benchmarks.free_port import free_port
from tests.e2e.http_message import send
from tests.e2e.mixers import demo_mixer
from tests.patience import SOON_S

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"


def environment(mixer, port):
    return {**os.environ, "MIXER": mixer, "PORT": str(port), "PYTHONPATH": str(ROOT)}


def wait_until_served(port):
    end_s = time.monotonic() + SOON_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), SOON_S).close()
        except ConnectionRefusedError:
            assert time.monotonic() < end_s
        else:
            return


@contextmanager
def running(name, folder):
    """An example as a process; its environment, and its address."""
    with demo_mixer(folder) as mixer:
        port = free_port()
        variables = environment(mixer.address, port)
        with subprocess.Popen(
            [sys.executable, EXAMPLES / "python" / name],
            env=variables,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process:
            try:
                wait_until_served(port)
                yield variables, f"127.0.0.1:{port}"
            finally:
                process.terminate()


@pytest.mark.parametrize("name", ["starlette_app.py", "flask_app.py"])
def test_web_applications(name, tmp_path):
    with running(name, tmp_path) as (_, address):
        allowed = send(address, "/reviews", [("x-user", "ann")])
        denied = send(address, "/reviews", [("x-demo-deny", "yes")])

    assert (allowed.status, allowed.body) == (200, b"reviews for ann\n")
    assert (denied.status, denied.body.partition(b":")[0]) == (403, b"PERMISSION_DENIED")


def test_a_probe_is_answered_without_a_mixer(tmp_path):
    with running("starlette_app.py", tmp_path) as (_, address):
        answer = send(address, "/healthz", [("x-demo-deny", "yes")])

    assert answer.status == 200


def test_grpc_server(tmp_path):
    with running("grpc_app.py", tmp_path) as (variables, _):
        program = [sys.executable, EXAMPLES / "python/grpc_app.py", "call"]
        said = [
            subprocess.run(
                [*program, deny], env=variables, check=True, capture_output=True, text=True
            ).stdout
            for deny in ("no", "yes")
        ]

    assert said[0] == "reviews of books\n"
    assert said[1].startswith("PERMISSION_DENIED: ")


@pytest.mark.parametrize("file", sorted(EXAMPLES.glob("python/*.py")), ids=lambda file: file.stem)
def test_the_readme_names_it(file):
    assert f"({file.relative_to(EXAMPLES)})" in (EXAMPLES / "README.md").read_text()
