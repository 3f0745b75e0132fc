"""What the original takes for the same workloads.

Mixer 1.1.17, compiled with a current Go, one server core (GOMAXPROCS=1), load by h2load from
another core, medians of 3 to 5 interleaved rounds: CPU time of the whole server process, gRPC
included, for one call or one bag, at 1, 8 and 64 streams. The same cell varied by 25 % between
rounds, so the figures are an order of magnitude, not a measure for a machine that is another.
"""

from typing import Final, NamedTuple


class GoFigure(NamedTuple):
    """Microseconds of CPU time, by the number of streams of the load."""

    at_1: int
    at_8: int
    at_64: int

    def __str__(self) -> str:
        return f"{self.at_1} / {self.at_8} / {self.at_64}"


CHECK_NO_RULES: Final = GoFigure(151, 70, 43)
CHECK: Final = GoFigure(204, 105, 76)
CHECK_QUOTA: Final = GoFigure(237, 127, 107)
"""With a unique id for each call; a fixed id is answered from the deduplication table."""
REPORT_NO_RULES: Final = GoFigure(30, 27, 25)
"""This and the following: for one bag of 100."""
REPORT_METRICS: Final = GoFigure(134, 103, 101)
REPORT_METRICS_LOG: Final = GoFigure(165, 167, 167)
