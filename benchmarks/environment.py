"""What a benchmark ran on."""

import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final

import mixer
from mixer.envoy.binary import find_envoy

_ROOT: Final = Path(__file__).parents[1]
_UNKNOWN: Final = "unknown"
_TIMEOUT_S: Final = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """Facts of a machine and of what is installed on it."""

    python: str
    system: str
    processor: str
    core_count: int
    load_average: float
    """Of the last minute, before the benchmark began."""
    mixer: str
    grpcio: str
    protobuf: str

    def line(self) -> str:
        """All of it on one line."""
        return (
            f"Mixer {self.mixer}, Python {self.python}, grpcio {self.grpcio}, "
            f"protobuf {self.protobuf}; {self.processor}, {self.core_count} cores, "
            f"{self.system}, load average {self.load_average:.2f}"
        )


def read_environment() -> Environment:
    """As it is now."""
    return Environment(
        python=f"{platform.python_implementation()} {platform.python_version()}",
        system=f"{platform.system()} {platform.release()}",
        processor=_processor(),
        core_count=len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1,
        load_average=os.getloadavg()[0],
        mixer=mixer.__version__,
        grpcio=version("grpcio"),
        protobuf=version("protobuf"),
    )


def facts_of_run() -> Mapping[str, str]:
    """What is stored with a comparison, by name, for people. Raises EnvoyError without an Envoy."""
    here = read_environment()
    return {
        "processor": here.processor,
        "cores": str(here.core_count),
        "governor": _governor(),
        "memory": _memory(),
        "kernel": here.system,
        "load average": f"{here.load_average:.2f}",
        "Envoy": _envoy(),
        "Python": here.python,
        "grpcio": here.grpcio,
        "protobuf": here.protobuf,
        "Mixer": here.mixer,
        "commit": _commit(),
    }


def digest(*places: Path) -> str:
    """What tells the contents of files and directories from others."""
    whole = hashlib.sha256()
    for place in places:
        for file in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if file.is_file():
                whole.update(f"{file.relative_to(place)}\0{file.stat().st_size}\0".encode())
                whole.update(file.read_bytes())
    return whole.hexdigest()[:12]


def _processor() -> str:
    facts = Path("/proc/cpuinfo")
    if facts.exists():
        for line in facts.read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.machine()


def _governor() -> str:
    """What decides on the frequency of cores; virtual machines don't know."""
    files = Path("/sys/devices/system/cpu").glob("cpu[0-9]*/cpufreq/scaling_governor")
    names = {file.read_text(encoding="utf-8").strip() for file in files}
    return ", ".join(sorted(names)) or _UNKNOWN


def _memory() -> str:
    return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / (1 << 30):.1f} GiB"


def _envoy() -> str:
    """`1.40.0 RELEASE`; Envoy itself says `version: COMMIT/1.40.0/Clean/RELEASE/BoringSSL`."""
    said = _output(str(find_envoy()), "--version")
    found = re.search(r"version: \w+/([^/]+)/\w+/([^/]+)/", said)
    return f"{found[1]} {found[2]}" if found else said or _UNKNOWN


def _commit() -> str:
    """With a word about changes that are in no commit."""
    git = shutil.which("git")
    head = _output(git, "-C", str(_ROOT), "rev-parse", "HEAD") if git else ""
    if not git or not head:
        return _UNKNOWN
    changes = _output(git, "-C", str(_ROOT), "status", "--porcelain")
    return f"{head}, with changes" if changes else head


def _output(*command: str) -> str:
    """What a program prints; empty if it fails."""
    done = subprocess.run(  # noqa: S603
        command, capture_output=True, text=True, timeout=_TIMEOUT_S, check=False
    )
    return done.stdout.strip() if done.returncode == 0 else ""
