"""The rules of the method, in figures: `templates/method.html` says them in words."""

from typing import Final

from benchmarks.report.knees import KNEE_MULTIPLE
from benchmarks.report.noise import RELATIVE_LIMIT
from benchmarks.run.rejection import LEAST_SENT_SHARE, MOST_CPU_SHARE
from benchmarks.run.trust import MOST_LAG_NS, MOST_LAG_SHARE
from benchmarks.statistics.bootstrap import LEAST_REPETITIONS
from benchmarks.statistics.histogram import LEAST_BEYOND
from benchmarks.units import percent

RULES: Final = {
    "most_lag": f"{MOST_LAG_NS / 1e6:g} ms",
    "most_lag_share": percent(MOST_LAG_SHARE),
    "most_cpu_share": percent(MOST_CPU_SHARE),
    "least_sent_share": percent(LEAST_SENT_SHARE),
    "least_repetitions": str(LEAST_REPETITIONS),
    "least_beyond": str(LEAST_BEYOND),
    "noise_limit": percent(RELATIVE_LIMIT),
    "knee_multiple": str(KNEE_MULTIPLE),
}
"""By the template's names."""
