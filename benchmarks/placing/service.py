"""A policy service as a process of its own, from its start to its end, and what it has counted."""

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil
from prometheus_client.parser import text_string_to_metric_families

from benchmarks.arm import Place
from benchmarks.child import running_on, stop
from mixer.envoy import launch

_START_TIMEOUT_S: Final = 180.0
"""To compile 10,000 rules takes up to half a minute on a machine that is busy."""
_STOP_TIMEOUT_S: Final = 5.0
_HTTP_TIMEOUT_S: Final = 60.0
_POLL_S: Final = 0.01


class ServiceError(Exception):
    """A service does not start; the text is what it has written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A running service."""

    pid: int
    address: str
    """Where it is called: HOST:PORT or unix:PATH."""
    monitoring: str
    """HOST:PORT where it tells what it has counted."""
    output: Path
    """What it writes to standard output."""

    def total(self, metric: str, **labels: str) -> int:
        """The sum of what its metric has counted, over all series with these labels."""
        return total(self.monitoring, metric, **labels)

    def adapter_address(self) -> str:
        """HOST:PORT of what else it serves: the one port that is neither of the two above."""
        known = {one.rpartition(":")[2] for one in (self.address, self.monitoring)}
        listening = [
            connection.laddr
            for connection in psutil.Process(self.pid).net_connections("tcp")
            if connection.status == psutil.CONN_LISTEN
        ]
        ((host, port),) = (one for one in listening if str(one[1]) not in known)
        return f"{host}:{port}"


def total(address: str, metric: str, **labels: str) -> int:
    """The sum of what a metric has counted, over all series with these labels.

    `address` is HOST:PORT of a page for Prometheus. Raises OSError if it is not to be had.
    """
    with urllib.request.urlopen(f"http://{address}/metrics", timeout=_HTTP_TIMEOUT_S) as answer:
        text = answer.read().decode()
    return sum(
        int(sample.value)
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == metric and labels.items() <= sample.labels.items()
    )


def start_service(name: str, arguments: Sequence[str], place: Place, stack: ExitStack) -> Service:
    """Runs `python ARGUMENTS` until the stack ends, or this process does.

    The service says on standard error, in a line of JSON, `"event": "serving"` with its `address`
    and `monitoring`. Raises ServiceError.
    """
    output, log = (place.folder / f"{name}.{kind}" for kind in ("out", "log"))
    # The launcher has the kernel end the service with this process, as Envoys do.
    launcher = [sys.executable, "-I", "-S", launch.__file__, str(os.getpid())]
    with running_on(place.cores), output.open("wb") as out, log.open("wb") as err:
        process = subprocess.Popen(  # noqa: S603
            [*launcher, sys.executable, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            cwd=Path(__file__).parents[2],  # where `benchmarks` is
            start_new_session=True,
        )
    stack.callback(stop, process, _STOP_TIMEOUT_S)
    facts = _wait(process, log)
    return Service(
        pid=process.pid,
        address=facts["address"],
        monitoring=facts["monitoring"].removeprefix("http://").removesuffix("/metrics"),
        output=output,
    )


def _wait(process: subprocess.Popen[bytes], log: Path) -> dict[str, str]:
    deadline = time.monotonic() + _START_TIMEOUT_S
    while process.poll() is None and time.monotonic() < deadline:
        for event in _events(log):
            if event.get("event") == "serving":
                return event
        time.sleep(_POLL_S)
    raise ServiceError(log.read_text(errors="replace"))


def _events(log: Path) -> Iterator[dict[str, str]]:
    for line in log.read_text(errors="replace").splitlines(keepends=True):
        if line.startswith("{") and line.endswith("\n"):
            yield json.loads(line)
