"""`mixs demo`: what it shows, and that it leaves nothing behind."""

import os
import re
import select
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.patience import SOON_S

pytestmark = pytest.mark.envoy
DEMO = [sys.executable, "-c", "from mixer.cli.demo.command import demo; demo()"]


@contextmanager
def running(tmp_path, *flags):
    """A demo whose files are in `tmp_path`."""
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(
        [*DEMO, *flags],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def cells(lines):
    """The cells of a table's lines, which are two spaces apart at least."""
    return [tuple(re.split(r" {2,}", line)) for line in lines]


def paragraphs(text):
    return [paragraph.splitlines() for paragraph in text.strip().split("\n\n")]


def test_it_shows_what_was_asked_what_was_decided_and_why(tmp_path):
    with running(tmp_path, "--once", "--port", "0") as process:
        output, errors = process.communicate(timeout=SOON_S)

    assert (process.returncode, errors) == (0, "")
    requests, counted, logged, places = paragraphs(output)
    assert cells(requests[1:]) == [
        ("asked", "Mixer", "why", "Envoy"),
        ("GET /", "OK", "no rule denies it", "200 OK"),
        (
            "GET /, x-demo-deny: yes",
            "PERMISSION_DENIED",
            "the header x-demo-deny asks for a denial "
            "(rule istio-system/deny-by-header, handler deny.istio-system)",
            "403 Forbidden",
        ),
        (
            "GET /, from 127.0.0.66",
            "PERMISSION_DENIED",
            "127.0.0.66 is blacklisted "
            "(rule istio-system/block-addresses, handler blocked-addresses.istio-system)",
            "403 Forbidden",
        ),
        (
            "GET /, x-api-version: v9",
            "PERMISSION_DENIED",
            "v9 is not whitelisted "
            "(rule istio-system/require-known-api-version, handler known-api-versions.istio-system)",
            "403 Forbidden",
        ),
        (
            "GET /headers, x-internal-user: root",
            "OK",
            "to the service x-api-version: v1, no x-internal-user; to the client x-checked-by: mixer",
            "200 OK",
        ),
        ("GET /, x-client: batch (4 of 7)", "OK", "the quota is 5 in 10 s", "200 OK"),
        ("GET /, x-client: batch (1 of 7)", "OK", "the quota is 5 in 10 s, and used up", "200 OK"),
        (
            "GET /, x-client: batch (2 of 7)",
            "OVER_LIMIT",
            "the quota is 5 in 10 s, and used up",
            "429 Too Many Requests",
        ),
    ]
    assert cells(counted[1:]) == [
        ("destination_service", "response_code", "response_flags", "istio_requests_total"),
        ("reviews", "200", "-", "7"),
        ("reviews", "403", "UAEX", "3"),
        ("reviews", "429", "RL", "2"),
    ]
    assert len(logged) == 3
    assert [line.split("  ")[1] for line in places[1:]] == [
        "Envoy",
        "its admin page",
        "Mixer",
        "its metrics",
        "request metrics",
        "access log",
        "policy",
        "try",
    ]
    assert list(tmp_path.iterdir()) == []


def read_until_it_serves(process):
    """The addresses that the demo prints last."""
    places = {}
    for line in process.stdout:
        name, _, value = line.strip().partition("  ")
        places[name] = value.strip()
        if name == "try":
            return places
    raise AssertionError(process.stderr.read())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_and_leaves_nothing_behind(tmp_path, number):
    with running(tmp_path, "--port", "0") as process:
        places = read_until_it_serves(process)
        with urllib.request.urlopen(places["Envoy"], timeout=SOON_S) as answer:
            assert answer.status == 200
        [envoy] = children(process.pid)
        end = os.pidfd_open(envoy)
        process.send_signal(number)
        _, errors = process.communicate(timeout=SOON_S)
    try:
        assert (process.returncode, errors) == (0, "")
        # The descriptor of a process that has ended can be read.
        assert select.select([end], [], [], SOON_S)[0] == [end]
    finally:
        os.close(end)
    assert list(tmp_path.iterdir()) == []


def children(pid):
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


def test_its_policy_can_be_edited_meanwhile(tmp_path):
    with running(tmp_path, "--port", "0") as process:
        places = read_until_it_serves(process)
        policy = Path(places["policy"].partition(" ")[0])
        lists = policy / "lists.yaml"
        lists.write_text(lists.read_text().replace("127.0.0.66", "127.0.0.1"))
        end = 0
        while end != 403:
            end = status(places["Envoy"])


def status(url):
    try:
        with urllib.request.urlopen(url, timeout=SOON_S) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def test_a_port_that_is_taken_is_named(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with running(tmp_path, "--port", port) as process:
            output, errors = process.communicate(timeout=SOON_S)

    assert (process.returncode, output) == (1, "")
    assert errors.startswith("Error: Envoy ended with code 1:\n")
    assert errors.endswith(f"cannot bind '127.0.0.1:{port}': Address already in use\n")
    assert list(tmp_path.iterdir()) == []
