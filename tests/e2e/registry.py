"""A real registry on a loopback port: the program docker-registry, which Debian packages."""

import re
import shutil
import subprocess
import time
from contextlib import contextmanager

import pytest
import yaml

from tests.patience import SOON_S

PROGRAM = "docker-registry"
USERNAME, PASSWORD = "ann", "let me in"
HTPASSWD = f"{USERNAME}:$2b$04$abcdefghijklmnopqrstuuTnc8amReAFiMHxaSoW9U22KarbWnkSm\n"
"""That password by bcrypt, which is all that the registry understands."""


def find_registry():
    """The program; skips the test where there is none, which the summary then says aloud."""
    program = shutil.which(PROGRAM)
    if program is None:
        pytest.skip(f"there is no {PROGRAM}: apt-get install {PROGRAM}")
    return program


@contextmanager
def running_registry(folder, *, has_password=False):
    """The address of a registry that keeps all in `folder`, and ends with the context."""
    config = {
        "version": 0.1,
        "storage": {"filesystem": {"rootdirectory": str(folder / "storage")}},
        "http": {"addr": "127.0.0.1:0"},
    }
    if has_password:
        (folder / "htpasswd").write_text(HTPASSWD)
        config["auth"] = {"htpasswd": {"realm": "all", "path": str(folder / "htpasswd")}}
    (folder / "config.yml").write_text(yaml.safe_dump(config))
    command = [find_registry(), "serve", folder / "config.yml"]
    log = folder / "log"
    with (
        log.open("wb") as output,
        subprocess.Popen(command, stdout=output, stderr=output) as process,
    ):
        try:
            yield address_in(log, process)
        finally:
            process.terminate()


def address_in(log, process):
    """Where the registry listens, once it has said so."""
    end = time.monotonic() + SOON_S
    while not (found := re.search(r"listening on (127\.0\.0\.1:\d+)", log.read_text())):
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < end, log.read_text()
        time.sleep(0.01)
    return found[1]
