"""The demo's own copy of the embedded configuration, which can be edited while it is served."""

import socket
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

_METRICS_ADDRESS: Final = "127.0.0.1:42422"
_TO_STDOUT: Final = "outputAsJson: true\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The copy, and where what it reports can be found."""

    directory: Path
    access_log: Path
    """Written by the stdio handler."""
    metrics_address: str
    """HOST:PORT of the prometheus handler."""


def copy_policy(folder: Path) -> Policy:
    """Copies the embedded configuration to `policy` in `folder`.

    What differs: the metrics have a port of their own, because a Mixer may run here beside the
    demo, and the access log goes to a file, to leave the screen to the demo.
    """
    policy = Policy(
        directory=folder / "policy",
        access_log=folder / "access.log",
        metrics_address=_free_address(),
    )
    to_file = f"{_TO_STDOUT}    logStream: FILE\n    outputPath: {policy.access_log}\n"
    policy.directory.mkdir()
    for file in files("mixer.demo").iterdir():
        if file.name.endswith(".yaml"):
            text = file.read_text().replace(_METRICS_ADDRESS, policy.metrics_address)
            (policy.directory / file.name).write_text(text.replace(_TO_STDOUT, to_file))
    return policy


def _free_address() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"127.0.0.1:{server.getsockname()[1]}"
