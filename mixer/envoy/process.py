"""One Envoy process, from its configuration to its end."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from mixer.envoy import launch
from mixer.envoy.admin import Admin
from mixer.envoy.binary import EnvoyError, find_envoy

_POLL_S: Final = 0.005
_LOG_TAIL_LINES: Final = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvoyOptions:
    """How Envoy runs."""

    concurrency: int = 1
    """How many worker threads serve connections."""
    log_level: str = "warning"
    """One of Envoy's: trace, debug, info, warning, error, critical, off."""
    component_log_level: str = ""
    """Levels of single loggers, such as `ext_authz:debug,filter:trace`."""
    start_timeout_s: float = 60.0
    """How long Envoy may take until it serves."""
    drain_time_s: int = 600
    """How long what a new configuration replaces may go on with its connections."""
    stop_timeout_s: float = 5.0
    """How long Envoy may take to end after SIGTERM, before it is killed."""


class EnvoyProcess:
    """An Envoy that serves from `start` to `stop`, and ends with this process in any case.

    Many can run at a time. Use it as a context manager, or call both; `start` and all that lasts
    as long as the Envoy must be on one thread, because the kernel ends Envoy with that thread.
    """

    def __init__(self, bootstrap: Mapping[str, Any], options: EnvoyOptions | None = None) -> None:
        """`bootstrap` is Envoy's configuration; its admin address is replaced by a free port."""
        self._bootstrap = bootstrap
        self._options = options or EnvoyOptions()
        self._process: subprocess.Popen[bytes] | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._admin: Admin | None = None
        self.addresses: Mapping[str, str] = {}
        """Where each listener accepts, by its name, with the real port; filled by `start`."""

    @property
    def pid(self) -> int:
        """The id of the process; only after `start`."""
        assert self._process is not None
        return self._process.pid

    @property
    def admin(self) -> Admin:
        """The admin port; only after `start`."""
        assert self._admin is not None
        return self._admin

    @property
    def log(self) -> str:
        """What Envoy has logged up to now; empty before `start` and after `stop`."""
        return self._text("log") if self._folder else ""

    def stats(self, pattern: str = "") -> Mapping[str, int]:
        """The counters and gauges whose names match `pattern`, a regular expression."""
        return self.admin.stats(pattern)

    def start(self) -> None:
        """Runs Envoy and waits until it serves.

        Raises EnvoyError, with the end of its log, when it ends or takes too long.
        """
        binary = find_envoy()
        self._folder = tempfile.TemporaryDirectory(prefix="mixer-envoy-")
        try:
            self._process = self._launch(binary)
            self._admin = Admin(self._wait_for_admin())
            self._wait_until(self._admin.is_ready)
            self.addresses = self._admin.listeners()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Ends Envoy, by force when it takes too long, and removes its files."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(self._options.stop_timeout_s)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def _path(self, name: str) -> Path:
        assert self._folder is not None
        return Path(self._folder.name) / name

    def _text(self, name: str) -> str:
        try:
            return self._path(name).read_text(errors="replace")
        except FileNotFoundError:
            return ""

    def _launch(self, binary: Path) -> subprocess.Popen[bytes]:
        free = {"socket_address": {"address": "127.0.0.1", "port_value": 0}}
        bootstrap = {**self._bootstrap, "admin": {"address": free}}
        self._path("bootstrap.json").write_text(json.dumps(bootstrap))
        with self._path("log").open("wb") as log:
            return subprocess.Popen(  # noqa: S603
                [*_launcher(), str(binary), *self._arguments()],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # Ctrl-C in a terminal is for the parent, which ends Envoy in its own time.
                start_new_session=True,
            )

    def _arguments(self) -> list[str]:
        options = self._options
        levels = options.component_log_level
        return [
            *("--config-path", str(self._path("bootstrap.json"))),
            *("--admin-address-path", str(self._path("admin"))),
            *("--concurrency", str(options.concurrency)),
            *("--drain-time-s", str(options.drain_time_s)),
            *("--log-level", options.log_level),
            *(("--component-log-level", levels) if levels else ()),
            # What a hot restart shares is named by a number; two Envoys with one number won't run.
            "--disable-hot-restart",
        ]

    def _wait_for_admin(self) -> str:
        self._wait_until(lambda: self._text("admin") != "")
        return self._text("admin")

    def _wait_until(self, is_done: Callable[[], bool]) -> None:
        assert self._process is not None
        deadline = time.monotonic() + self._options.start_timeout_s
        while not is_done():
            if self._process.poll() is not None:
                raise EnvoyError(
                    f"Envoy ended with code {self._process.returncode}:\n{self._log_tail()}"
                )
            if time.monotonic() > deadline:
                raise EnvoyError(
                    f"Envoy did not serve within {self._options.start_timeout_s:g} s:\n"
                    f"{self._log_tail()}"
                )
            time.sleep(_POLL_S)

    def _log_tail(self) -> str:
        return "\n".join(deque(self.log.splitlines(), _LOG_TAIL_LINES))


def _launcher() -> list[str]:
    # -I and -S start Python in half the time; the launcher needs only the standard library.
    return [sys.executable, "-I", "-S", launch.__file__, str(os.getpid())]
