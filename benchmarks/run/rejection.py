"""When a load tells nothing about the arm, and when an arm can't keep up with it."""

from typing import Final

from benchmarks.load import LoadPlan, LoadRecord
from benchmarks.run.trust import trusted_quantile
from benchmarks.statistics.histogram import quantiles_ns, read_histogram

MOST_CPU_SHARE: Final = 0.9
"""Of one core: what the generator may take."""
LEAST_SENT_SHARE: Final = 0.99
_LEAST_ACHIEVED_SHARE: Final = 0.99
_SERVER_ERROR: Final = 500
_LAST_ANSWERS_S: Final = 0.05
"""What the last answers may take beyond the end of the load, besides."""


def rejection(record: LoadRecord) -> str | None:
    """Why its figures must not be used; None if they may.

    The text has no figures of its own, so that equal reasons are equal texts.
    """
    if record.error_count:
        return f"requests without an answer: {', '.join(sorted(record.errors))}"
    if record.sent_count < LEAST_SENT_SHARE * record.planned_count:
        return f"fewer than {LEAST_SENT_SHARE:.0%} of the planned requests were sent"
    if record.cpu_s > MOST_CPU_SHARE * record.elapsed_s:
        return f"the generator was the bottleneck: it took over {MOST_CPU_SHARE:.0%} of a core"
    if not trusted_quantile(record.latency_ns, record.send_lag_ns):
        return "the generator was the bottleneck: too many requests left late to trust the median"
    return None


def keeps_up(record: LoadRecord, plan: LoadPlan) -> bool:
    """Whether all was answered, and in time."""
    return not record.error_count and is_in_time(record, plan)


def is_in_time(record: LoadRecord, plan: LoadPlan) -> bool:
    """Whether answers came 99 % as fast as requests; in saturation they do in any case."""
    return (
        plan.is_saturation
        or record.elapsed_s <= plan.duration_s / _LEAST_ACHIEVED_SHARE + _LAST_ANSWERS_S
    )


def has_failures(record: LoadRecord) -> bool:
    """Whether requests were answered that the server had failed, which is no verdict."""
    return any(status >= _SERVER_ERROR for status in record.by_status)


def p99_ns(record: LoadRecord) -> float:
    """The p99 of its latencies."""
    return quantiles_ns(read_histogram(record.latency_ns), [0.99])[0]
