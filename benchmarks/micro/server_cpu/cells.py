"""The kinds of calls whose cost to a server is measured."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from itertools import repeat
from typing import Final

from benchmarks.micro import go_figures
from benchmarks.micro.go_figures import GoFigure
from benchmarks.micro.in_process import EMPTY, Installed
from benchmarks.micro.requests import with_unique_ids
from benchmarks.micro.workload import CHECK, METRICS, METRICS_AND_LOG
from mixer.api import mixer_v1

RATIO_TARGET: Final = 1.25
"""What a Check may cost a server, in units of what it costs a bare handler."""
_REPORT_BAGS: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One kind of call."""

    name: str
    config: str
    method: str
    requests: Callable[[int], Iterable[bytes]]
    """Makes so many requests."""
    reply_size: int
    """Of a right answer, in bytes."""
    bag_count: int = 0
    """How many bags a request has; 0 for what is no Report."""
    is_stream: bool = False
    """Whether all requests go through one stream, which is answered at its end."""
    ratio_target: float | None = None
    """What a call is to cost at most, in units of what it costs a bare handler."""
    go: GoFigure | None = None
    """What it costs the original."""


def cells_of(installed: Installed) -> list[Cell]:
    """All of them."""
    check = partial(repeat, installed.workload.check)
    unique = partial(with_unique_ids, installed.workload.check_quota)
    return [
        _check(installed, "Check, no rules", EMPTY, check, go_figures.CHECK_NO_RULES),
        _check(installed, "Check, check_c", CHECK, check, go_figures.CHECK),
        _check(installed, "Check, check_c, quota", CHECK, unique, go_figures.CHECK_QUOTA),
        _report(installed, "no rules", EMPTY, go_figures.REPORT_NO_RULES),
        _report(installed, "metrics", METRICS, go_figures.REPORT_METRICS),
        _report(installed, "metrics and log", METRICS_AND_LOG, go_figures.REPORT_METRICS_LOG),
    ]


def _check(
    installed: Installed,
    name: str,
    config: str,
    requests: Callable[[int], Iterable[bytes]],
    go: GoFigure,
) -> Cell:
    [request] = requests(1)
    return Cell(
        name=name,
        config=config,
        method=f"/{mixer_v1.SERVICE.name}/Check",
        requests=requests,
        reply_size=len(mixer_v1.check(request, installed.dispatchers[config])),
        ratio_target=RATIO_TARGET,
        go=go,
    )


def _report(installed: Installed, what: str, config: str, go: GoFigure) -> Cell:
    return Cell(
        name=f"Report x {_REPORT_BAGS}, {what}",
        config=config,
        method=f"/{mixer_v1.SERVICE.name}/Report",
        requests=partial(repeat, installed.workload.reports[_REPORT_BAGS]),
        reply_size=0,
        go=go,
        bag_count=_REPORT_BAGS,
    )
