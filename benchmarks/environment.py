"""What a benchmark ran on."""

import os
import platform
import sys
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import mixer


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


def _processor() -> str:
    facts = Path("/proc/cpuinfo")
    if facts.exists():
        for line in facts.read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.machine()
