"""What a client counts: the 30 counters of the original by their names, and some of our own.

What holds whenever no call is under way:

- total_check_calls = total_check_cache_hits + total_check_cache_misses
- total_check_cache_hits = total_check_cache_hit_accepts + total_check_cache_hit_denies
- the same two for quotas
- total_check_cache_misses = total_remote_check_calls + total_check_calls_shared
- total_remote_quota_calls = total_quota_cache_misses + total_remote_quota_prefetch_calls
- total_remote_calls + total_remote_call_retries = the sum of successes, timeouts, send errors and
  other errors, because each attempt has a result of its own, unless it was cancelled
- total_remote_report_calls = the sum of its successes, timeouts, send errors and other errors
- total_report_calls = bags that a server took + total_reports_dropped + total_report_bags_lost

As metrics (`StatisticsCollector`) they lose the `total_` in front and get the `_total` behind that
Prometheus wants: `total_check_calls` is `mixer_client_check_calls_total`. The original's are deltas
under `http_mixer_filter.`, for Envoy's statistics.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Final

from prometheus_client.core import CounterMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector


def _count(description: str) -> int:
    counter: int = field(default=0, metadata={"description": description})
    return counter


@dataclass(slots=True, kw_only=True, weakref_slot=True)
class Statistics:
    """The counters of one client; any thread may add to them: `statistics.total_… += 1`.

    That takes no lock, and yet loses nothing: CPython hands over to another thread only at calls
    and at jumps backwards, and there is neither between reading a count and writing it. So what is
    added must be worked out before: a number or a name, not a call.
    """

    total_check_calls: int = _count("Checks asked for.")
    total_check_cache_hits: int = _count("Checks whose verdict on policy was in the cache.")
    total_check_cache_misses: int = _count("Checks whose verdict on policy was not in the cache.")
    total_check_cache_hit_accepts: int = _count("Checks that the cache let pass.")
    total_check_cache_hit_denies: int = _count("Checks that the cache denied.")
    total_remote_check_calls: int = _count("Checks of policy sent to the server.")
    total_remote_check_accepts: int = _count(
        "Checks sent that passed, also for want of an answer when failing open."
    )
    total_remote_check_denies: int = _count(
        "Checks sent that were denied, also for want of an answer when failing closed."
    )

    total_quota_calls: int = _count("Checks that needed quota, and got as far as that.")
    total_quota_cache_hits: int = _count("Checks whose quota was decided locally.")
    total_quota_cache_misses: int = _count("Checks whose quota was not decided locally.")
    total_quota_cache_hit_accepts: int = _count("Checks that were granted quota locally.")
    total_quota_cache_hit_denies: int = _count("Checks that were refused quota locally.")
    total_remote_quota_calls: int = _count("Calls that asked the server for quota.")
    total_remote_quota_accepts: int = _count("Calls for quota that were granted.")
    total_remote_quota_denies: int = _count("Calls for quota that were refused.")
    total_remote_quota_prefetch_calls: int = _count("Calls for quota that no request waited for.")

    total_remote_calls: int = _count("Calls for verdicts or quota, retries not counted.")
    total_remote_call_successes: int = _count("Attempts of such calls that were answered.")
    total_remote_call_timeouts: int = _count("Attempts that were not answered in time.")
    total_remote_call_send_errors: int = _count("Attempts that reached no server.")
    total_remote_call_other_errors: int = _count("Attempts that the server answered with an error.")
    total_remote_call_retries: int = _count("Attempts after the first.")
    total_remote_call_cancellations: int = _count("Calls given up while they were under way.")

    total_report_calls: int = _count("Reports handed over.")
    total_remote_report_calls: int = _count("Batches of reports sent.")
    total_remote_report_successes: int = _count("Batches that were answered.")
    total_remote_report_timeouts: int = _count("Batches that were not answered in time.")
    total_remote_report_send_errors: int = _count("Batches that reached no server.")
    total_remote_report_other_errors: int = _count(
        "Batches that the server answered with an error, or that could not be sent at all."
    )

    # From here on the names are ours.
    total_check_calls_shared: int = _count("Checks that the answer to an equal one was for, too.")
    total_reports_dropped: int = _count("Reports not taken: too many waited, or it was closed.")
    total_report_bags_lost: int = _count(
        "Reports taken, but in a batch that failed, of no valid form, or left when it was closed."
    )

    def restart(self) -> None:
        """Counts from 0 again, as in the child of a fork: what went before is the parent's."""
        for name in DESCRIPTIONS:
            setattr(self, name, 0)

    def snapshot(self) -> dict[str, int]:
        """The counts by name, at about the same time."""
        return {name: getattr(self, name) for name in DESCRIPTIONS}


DESCRIPTIONS: Final[Mapping[str, str]] = MappingProxyType(
    {counter.name: counter.metadata["description"] for counter in fields(Statistics)}
)
"""What each counter counts, by name."""


def metric_name(counter: str) -> str:
    """The metric of a counter, without the `_total` that Prometheus appends."""
    return f"mixer_client_{counter.removeprefix('total_')}"


class StatisticsCollector(Collector):
    """Shows the counters of some clients to Prometheus, with the label `client`."""

    def __init__(self, clients: Mapping[str, Statistics]) -> None:
        """`clients` by label; those that are added to the mapping later are shown too."""
        self._clients = clients

    def collect(self) -> Iterator[Metric]:
        """All counters of all clients."""
        snapshots = {label: client.snapshot() for label, client in tuple(self._clients.items())}
        for name, description in DESCRIPTIONS.items():
            family = CounterMetricFamily(metric_name(name), description, labels=["client"])
            for label, counts in snapshots.items():
                family.add_metric([label], counts[name])
            yield family
