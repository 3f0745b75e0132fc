"""What all histograms of latency have in common; here, so that the load needs no numpy."""

from typing import Final

LOWEST_NS: Final = 64
"""What times are counted in. A histogram rounds this down to a power of two and tells no times
apart that lie closer, however small they are; from 64 µs up its digits are the coarser limit. With
1,000 it would be 512 ns, which is 1 % of what a filter adds."""
HIGHEST_NS: Final = 60_000_000_000
DIGITS: Final = 3
"""The significant digits of a histogram, for times of `LOWEST_NS` · 1,000 and more."""
