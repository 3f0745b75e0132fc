"""Up to which quantile a latency is the server's, though some requests left late.

Latency counts from when a request was meant to leave, so a late send is part of it: latency L is
what the server took, R, and the lag. How late the late ones were is known, and which they were is
not. Let *late* be the share of requests whose lag is over a tolerance. However these lie among all
requests, the quantile q of what the server took cannot be higher than that of L, and not lower than
L's quantile q − late, less the tolerance: P(R > x) ≥ P(L > x + tolerance) − late. So these two
quantiles of the measured latency show how much late sends may have done. If they lie within the
tolerance, they did no harm at q; a lag that is small against the latency does none anywhere.

That is why the rule is not just "lag at p99 is small". A host that takes the core for 20 ms now and
then makes 2 % of the requests late. That says nothing against a median, whose neighbours are close
by, and everything against a p99, which then consists of late requests only. And nine late requests
in a thousand leave the p99 of lag small, though they are what the p99 of latency is made of.

Left out is that requests which leave late leave together, and meet a fuller server.
"""

from typing import Final

from hdrh.histogram import HdrHistogram

from benchmarks.statistics import QUANTILES
from benchmarks.statistics.histogram import quantiles_ns, read_histogram, share_above

MOST_LAG_NS: Final = 1_000_000
MOST_LAG_SHARE: Final = 0.2
"""Of the latency at the quantile in question; the larger of both is the tolerance."""


def trusted_quantile(latency_ns: str, send_lag_ns: str) -> float:
    """The highest of 0.5, 0.9, 0.99 and 0.999 that can be trusted along with all below it, or 0.

    Takes HdrHistograms in base64; where nothing was meant to leave at a time, all is trusted.
    """
    latencies, lags = read_histogram(latency_ns), read_histogram(send_lag_ns)
    trusted = 0.0
    for quantile in QUANTILES:
        if not _is_trusted(latencies, lags, quantile):
            break
        trusted = quantile
    return trusted


def _is_trusted(latencies: HdrHistogram, lags: HdrHistogram, quantile: float) -> bool:
    (latency_ns,) = quantiles_ns(latencies, [quantile])
    tolerance_ns = max(MOST_LAG_NS, MOST_LAG_SHARE * latency_ns)
    late = share_above(lags, tolerance_ns)
    if not late:
        return True
    if late >= quantile:
        return False
    (least_ns,) = quantiles_ns(latencies, [quantile - late])
    return latency_ns - least_ns <= tolerance_ns
