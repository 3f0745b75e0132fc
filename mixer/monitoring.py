"""Everything that Mixer measures of itself, in one list.

Names and labels of the first part are those of Mixer 1.4 (its `/metrics`), so that its dashboards
go on working. The `mixer_config_…` and `mixer_handler_…` values are of the latest configuration.
What is measured on the request path goes through `Tally`, which costs a tenth of a histogram.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import accumulate
from typing import Final

from prometheus_client import REGISTRY, Counter, Gauge, disable_created_metrics
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

disable_created_metrics()  # type: ignore[no-untyped-call]

ATTRIBUTES: Final = Gauge("mixer_config_attributes_total", "Attributes in the vocabulary.")
HANDLER_CONFIGS: Final = Gauge("mixer_config_handler_configs_total", "Handlers that rules use.")
INSTANCE_CONFIGS: Final = Gauge("mixer_config_instance_configs_total", "Instances without errors.")
RULE_CONFIGS: Final = Gauge("mixer_config_rule_configs_total", "Rules in use.")
RULE_CONFIG_ERRORS: Final = Gauge(
    "mixer_config_rule_config_errors_total", "Errors in rules of the latest configuration."
)
INSTANCE_CONFIG_ERRORS: Final = Gauge(
    "mixer_config_instance_config_errors_total", "Errors in instances of the latest configuration."
)
HANDLER_CONFIG_ERRORS: Final = Gauge(
    "mixer_config_handler_validation_error_total",
    "Errors in handlers of the latest configuration.",
)
UNSATISFIED_ACTIONS: Final = Gauge(
    "mixer_config_unsatisfied_action_handler_total", "Actions whose handler is not running."
)
NEW_HANDLERS: Final = Gauge("mixer_handler_new_handlers_total", "Handlers made at the last change.")
REUSED_HANDLERS: Final = Gauge(
    "mixer_handler_reused_handlers_total", "Handlers carried over at the last change."
)
HANDLER_BUILD_FAILURES: Final = Gauge(
    "mixer_handler_handler_build_failures_total", "Handlers that failed to start."
)
HANDLERS_CLOSED: Final = Counter("mixer_handler_closed_handlers", "Handlers closed.")
HANDLER_CLOSE_FAILURES: Final = Counter(
    "mixer_handler_handler_close_failures", "Handlers that failed to close."
)
DESTINATIONS: Final = Gauge(
    "mixer_dispatcher_destinations_per_variety_total",
    "Instance groups in the routing table.",
    ["variety"],
)
REQUESTS_THROTTLED: Final = Counter(
    "mixer_loadshedding_requests_throttled", "Requests that load shedding refused or would refuse."
)

# From here on the names are ours.
CONFIG_RELOADS: Final = Counter(
    "mixer_config_reloads", "Configurations read, by what became of them.", ["result"]
)
CONFIG_IS_CURRENT: Final = Gauge(
    "mixer_config_is_current", "1 when the files as they are now are what is served, else 0."
)
MATCH_FAILURES: Final = Counter(
    "mixer_match_failures", "Match expressions that had no value, so did not hold."
)
INSTANCE_FAILURES: Final = Counter(
    "mixer_instance_failures", "Instances that could not be made of a request's attributes."
)
REQUESTS: Final = Counter(
    "mixer_requests", "Requests answered, by front door, method and status.", ["method", "status"]
)

CALLS_REFUSED: Final = Counter(
    "mixer_handler_calls_refused",
    "Calls of handlers that were not made, by why: queue, too many wait already; breaker, it has "
    "failed too often in a row.",
    ["handler", "reason"],
)
CALLS_TIMED_OUT: Final = Counter(
    "mixer_handler_calls_timed_out", "Calls of handlers that took too long.", ["handler"]
)
BREAKER_OPEN: Final = Gauge(
    "mixer_handler_breaker_open", "1 while calls of the handler are refused, else 0.", ["handler"]
)
RULE_ERRORS: Final = Counter(
    "mixer_rule_errors",
    "Failures that onError has made up for, by handler and by what was done: deny or allow.",
    ["handler", "on_error"],
)
STREAMS: Final = Gauge("mixer_streams", "Streams that are open.")
ACCESS_LOG_ENTRIES: Final = Counter(
    "mixer_access_log_entries",
    "Entries of Envoy's access logs, by kind and by what became of them: reported; intermediate, "
    "so passed over; overloaded, so refused; failed, with the whole batch.",
    ["kind", "result"],
)
ACCESS_LOG_UNREADABLE: Final = Counter(
    "mixer_access_log_unreadable_messages",
    "Messages of Envoy's access logs that were lost because they can't be decoded.",
)


class Tally:
    """A histogram that is cheap to feed.

    It takes no lock: CPython hands over to another thread only at calls and at jumps backwards, and
    there is neither between reading a count and writing it. Without that lock of CPython's, a
    sample may get lost now and then; nothing else can happen.
    """

    __slots__ = ("_bounds", "_counts", "_sum")

    def __init__(self, bounds: Sequence[float]) -> None:
        """`bounds` are the upper bounds of the buckets, rising, without infinity."""
        self._bounds = bounds
        self._counts = [0] * (len(bounds) + 1)
        self._sum = 0.0

    def add(self, sample: float, times: int = 1) -> None:
        """Takes a sample that came so many times; safe from any thread."""
        bucket = bisect_left(self._bounds, sample)
        self._counts[bucket] += times
        self._sum += sample * times

    @property
    def sum(self) -> float:
        """The sum of all samples."""
        return self._sum

    def buckets(self) -> list[tuple[str, float]]:
        """Upper bound and cumulative count of each bucket, as the exposition wants them."""
        names = [str(bound) for bound in self._bounds] + ["+Inf"]
        return list(zip(names, map(float, accumulate(self._counts)), strict=True))


_PER_REQUEST_BOUNDS: Final = (0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 15, 20)
_SECONDS_BOUNDS: Final = (
    *(0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025),
    *(0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0),
)

_phases: Final[dict[tuple[int, int], int]] = {}


def count_phase(destination_count: int, instance_count: int) -> None:
    """Records how many handlers one phase of one request asked, and with how many instances."""
    phase = (destination_count, instance_count)
    # As in `Tally`; `get` is a call, so this may lose a count, which is worth no lock.
    _phases[phase] = _phases.get(phase, 0) + 1


class DispatchTally:
    """How often, and how long, one handler was called for one template."""

    __slots__ = ("failed", "labels", "succeeded")

    def __init__(self, labels: tuple[str, str, str]) -> None:
        self.labels = labels
        """Template, handler, adapter."""
        self.succeeded = Tally(_SECONDS_BOUNDS)
        """Seconds of each call that returned."""
        self.failed = Tally(_SECONDS_BOUNDS)
        """Seconds of each call that raised."""


_tallies: Final[list[DispatchTally]] = []


@cache
def dispatch_tally(template: str, handler: str, adapter: str) -> DispatchTally:
    """The tally of that destination; the same one across changes of the configuration."""
    tally = DispatchTally((template, handler, adapter))
    _tallies.append(tally)
    return tally


def count_handlers(
    table: Mapping[str, object], previous: Mapping[str, object], failures: int
) -> None:
    """Records what a change of the configuration did to the handlers."""
    reused = sum(previous.get(name) is entry for name, entry in table.items())
    REUSED_HANDLERS.set(reused)
    NEW_HANDLERS.set(len(table) - reused)
    HANDLER_BUILD_FAILURES.set(failures)


class _DispatchCollector(Collector):
    def collect(self) -> Iterator[Metric]:
        names = ["meshFunction", "handler", "adapter", "error"]
        count = CounterMetricFamily("mixer_runtime_dispatches", "Calls of handlers.", labels=names)
        seconds = HistogramMetricFamily(
            "mixer_runtime_dispatch_duration_seconds", "Time of calls of handlers.", labels=names
        )
        for tally in tuple(_tallies):
            for error, samples in (("false", tally.succeeded), ("true", tally.failed)):
                buckets = samples.buckets()
                total = buckets[-1][1]
                if total:
                    labels = [*tally.labels, error]
                    count.add_metric(labels, total)
                    seconds.add_metric(labels, buckets, samples.sum)
        yield from (count, seconds)
        yield _per_request("destinations", "Handlers asked", 0)
        yield _per_request("instances", "Instances made", 1)


def _per_request(what: str, description: str, position: int) -> Metric:
    tally = Tally(_PER_REQUEST_BOUNDS)
    for phase, times in tuple(_phases.items()):
        tally.add(phase[position], times)
    name = f"mixer_dispatcher_{what}_per_request"
    family = HistogramMetricFamily(name, f"{description} in one phase of a request.")
    family.add_metric([], tally.buckets(), tally.sum)
    return family


REGISTRY.register(_DispatchCollector())
