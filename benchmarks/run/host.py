"""What the host of a virtual machine gives to others while something is measured."""

from dataclasses import dataclass

import psutil


@dataclass(frozen=True, slots=True, kw_only=True)
class HostTimes:
    """CPU time of all cores together since the machine began."""

    stolen_s: float | None
    """When something was to run and the host ran others; None where that is not known."""
    whole_s: float
    """With idle time."""


def host_times() -> HostTimes:
    """As it is now, to hundredths of a second."""
    times = psutil.cpu_times()._asdict()
    # A guest's time is in user's and nice's already.
    whole_s = sum(seconds for name, seconds in times.items() if not name.startswith("guest"))
    return HostTimes(stolen_s=times.get("steal"), whole_s=whole_s)


def stolen_share(before: HostTimes, after: HostTimes) -> float | None:
    """Which share of all CPU time between the two the host took; None where that is not known."""
    if before.stolen_s is None or after.stolen_s is None:
        return None
    whole_s = after.whole_s - before.whole_s
    return max(after.stolen_s - before.stolen_s, 0.0) / whole_s if whole_s > 0 else 0.0
