"""What takes CPU time besides a run: the host of a virtual machine, and other programs."""

import resource
from dataclasses import dataclass

import psutil


@dataclass(frozen=True, slots=True, kw_only=True)
class HostTimes:
    """CPU time of all cores together since the machine began."""

    stolen_s: float | None
    """When something was to run and the host ran others; None where that is not known."""
    programs_s: float
    """Of all programs, with what the kernel did on their behalf; without interrupts."""
    whole_s: float
    """With idle time."""


def host_times() -> HostTimes:
    """As it is now, to hundredths of a second."""
    times = psutil.cpu_times()._asdict()
    # A guest's time is in user's and nice's already.
    whole_s = sum(seconds for name, seconds in times.items() if not name.startswith("guest"))
    programs_s = sum(times.get(name, 0.0) for name in ("user", "nice", "system"))
    return HostTimes(stolen_s=times.get("steal"), programs_s=programs_s, whole_s=whole_s)


def own_s() -> float:
    """CPU time of this process and of all children that have ended."""
    both = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(use.ru_utime + use.ru_stime for use in both)


def stolen_share(before: HostTimes, after: HostTimes) -> float | None:
    """Which share of all CPU time between the two the host took; None where that is not known."""
    if before.stolen_s is None or after.stolen_s is None:
        return None
    return _share(after.stolen_s - before.stolen_s, before, after)


def others_share(before: HostTimes, after: HostTimes, ours_s: float) -> float:
    """Which share programs took that are not ours, if ours took so much between the two."""
    return _share(after.programs_s - before.programs_s - ours_s, before, after)


def _share(taken_s: float, before: HostTimes, after: HostTimes) -> float:
    whole_s = after.whole_s - before.whole_s
    return max(taken_s, 0.0) / whole_s if whole_s > 0 else 0.0
