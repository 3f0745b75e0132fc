"""From histograms and repetitions to figures with intervals: `histogram` → `bootstrap` → figures.

Knows numbers only, nothing of arms, cells and runs.
"""

from benchmarks.statistics.figure import Estimate, Figure, NotEnough, PastKnee

QUANTILES = (0.5, 0.9, 0.99, 0.999)

__all__ = ["QUANTILES", "Estimate", "Figure", "NotEnough", "PastKnee"]
