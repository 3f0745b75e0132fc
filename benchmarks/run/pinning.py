"""Which process runs on which core, so that they don't get in each other's way."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

Cores = tuple[int, ...]
_ENVOY = "envoy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinning:
    """Where everything runs; empty for anywhere."""

    load: Cores = ()
    upstream: Cores = ()
    envoy: Cores = ()
    """The Envoy that is measured."""
    services: Cores = ()
    """Mixer, and whatever else an arm consists of."""
    words: str

    @property
    def arm(self) -> Cores:
        """All that the processes of an arm have together."""
        return tuple(sorted({*self.envoy, *self.services}))

    @property
    def has_idle_load_core(self) -> bool:
        """Whether nothing but the load generator runs on its core."""
        others = {*self.upstream, *self.envoy, *self.services}
        return bool(self.load) and not others & {*self.load}

    def pin(self, processes: Mapping[str, int]) -> None:
        """Sends the processes of an arm, which are given by role, to their cores."""
        for role, pid in processes.items():
            cores = self.envoy if role == _ENVOY else self.services
            if cores:
                _pin(pid, cores)


def pinning(cores: Sequence[int]) -> Pinning:
    """How to share these cores.

    The load and the upstream stand for the world outside: what is measured comes first to have
    cores of its own.
    """
    match sorted(cores):
        case [] | [_]:
            return Pinning(words="everything shares one core")
        case [first, second]:
            return Pinning(
                load=(second,),
                upstream=(second,),
                envoy=(first,),
                services=(first,),
                words=f"load and upstream on core {second}; Envoy and Mixer share core {first}",
            )
        case [first, second, third]:
            return Pinning(
                load=(third,),
                upstream=(third,),
                envoy=(first,),
                services=(second,),
                words=f"load and upstream on core {third}; Envoy on {first}; Mixer on {second}",
            )
        case [first, second, third, *others]:
            place = f"load on core {second}; upstream on {third}; Envoy on {first}"
            return Pinning(
                load=(second,),
                upstream=(third,),
                envoy=(first,),
                services=tuple(others),
                words=f"{place}; Mixer on {', '.join(map(str, others))}",
            )
    raise AssertionError(cores)


def _pin(pid: int, cores: Cores) -> None:
    process = psutil.Process(pid)
    for one in (process, *process.children(recursive=True)):
        # The kernel pins threads, not processes; threads that are begun later follow the one that
        # begins them.
        for thread in Path(f"/proc/{one.pid}/task").iterdir():
            os.sched_setaffinity(int(thread.name), cores)
