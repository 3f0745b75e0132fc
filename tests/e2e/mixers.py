"""Mixers to put behind an Envoy: in this process, or as processes that a test may kill."""

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Self

from mixer.cli.demo.policy import copy_policy
from mixer.server.options import ServerOptions
from mixer.server.server import MixerServer
from tests.integration.documents import Document, yaml_of

MIXS = [sys.executable, "-c", "from mixer.cli.mixs import main; main()"]
DEMO = Path(__file__).parents[2] / "mixer" / "demo"
VOCABULARY = ("vocabulary-proxy.yaml", "vocabulary-workload.yaml", "vocabulary-envoy.yaml")


def write_config(folder: Path, *documents: Document) -> Path:
    """A configuration directory with `documents` and the demo's whole vocabulary."""
    folder.mkdir(exist_ok=True)
    for name in VOCABULARY:
        if (DEMO / name).exists():
            (folder / name).write_text((DEMO / name).read_text())
    (folder / "test.yaml").write_text(yaml_of(*documents))
    return folder


@contextmanager
def mixer_of(config: Path, address: str = "127.0.0.1:0", **options: Any) -> Iterator[MixerServer]:
    """A whole server in this process. Stops without grace."""
    settings = {"monitoring_address": None, "worker_threads": 4, "grace_s": 0, **options}
    server = MixerServer(ServerOptions(address=address, config=config, **settings))
    server.start()
    try:
        yield server
    finally:
        server.stop()


def demo_mixer(folder: Path, address: str = "127.0.0.1:0") -> AbstractContextManager[MixerServer]:
    """Serves a copy of the embedded demo; its metrics do not take the port that the demo names.

    That port can be had once, and these tests do not run alone.
    """
    return mixer_of(copy_policy(folder).directory, address)


class MixerProcess:
    """`mixs server` as a process of its own, started again and again at one address."""

    def __init__(self, config: Path, address: str, *flags: str) -> None:
        """`address` must name a port, or a socket, so that a proxy finds it again."""
        self._command = [
            *(*MIXS, "server", "--config", str(config), "--address", address),
            *("--monitoring-port", "0", "--log-format", "json", *flags),
        ]
        self._process: subprocess.Popen[str] | None = None
        self._reader = threading.Thread()

    def start(self) -> None:
        """Returns when it serves."""
        process = subprocess.Popen(
            self._command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        self._process = process
        events = (json.loads(line) for line in process.stderr)
        assert any(event["event"] == "serving" for event in events), "the Mixer did not start"
        # A log that nobody reads would stop the Mixer once the pipe is full.
        self._reader = threading.Thread(target=process.stderr.read, daemon=True)
        self._reader.start()

    def stop(self, number: int = signal.SIGKILL) -> None:
        """Ends it, by default as a crash would."""
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait()
            self._reader.join()
            self._process.stderr.close()
            self._process = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
