import sys
import threading

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from proxy_client.statistics import (
    DESCRIPTIONS,
    Statistics,
    StatisticsCollector,
    metric_name,
)

ORIGINAL = [
    "total_check_calls",
    "total_check_cache_hits",
    "total_check_cache_misses",
    "total_check_cache_hit_accepts",
    "total_check_cache_hit_denies",
    "total_remote_check_calls",
    "total_remote_check_accepts",
    "total_remote_check_denies",
    "total_quota_calls",
    "total_quota_cache_hits",
    "total_quota_cache_misses",
    "total_quota_cache_hit_accepts",
    "total_quota_cache_hit_denies",
    "total_remote_quota_calls",
    "total_remote_quota_accepts",
    "total_remote_quota_denies",
    "total_remote_quota_prefetch_calls",
    "total_remote_calls",
    "total_remote_call_successes",
    "total_remote_call_timeouts",
    "total_remote_call_send_errors",
    "total_remote_call_other_errors",
    "total_remote_call_retries",
    "total_remote_call_cancellations",
    "total_report_calls",
    "total_remote_report_calls",
    "total_remote_report_successes",
    "total_remote_report_timeouts",
    "total_remote_report_send_errors",
    "total_remote_report_other_errors",
]


@pytest.fixture
def busy_switching():
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def test_the_thirty_counters_of_the_original_come_first_and_keep_their_names():
    assert len(ORIGINAL) == 30
    assert list(DESCRIPTIONS)[:30] == ORIGINAL
    assert list(DESCRIPTIONS)[30:] == [
        "total_check_calls_shared",
        "total_reports_dropped",
        "total_report_bags_lost",
    ]


def test_a_snapshot_does_not_change_later():
    statistics = Statistics(total_check_calls=2)

    snapshot = statistics.snapshot()
    statistics.total_check_calls += 1

    assert snapshot == dict.fromkeys(DESCRIPTIONS, 0) | {"total_check_calls": 2}
    assert statistics == Statistics(total_check_calls=3)


def test_a_name_that_is_no_counter_is_refused():
    with pytest.raises(AttributeError):
        Statistics().total_check_call = 1


def test_counts_are_exact_when_many_threads_count(busy_switching):
    statistics = Statistics()

    def count():
        for _ in range(20_000):
            statistics.total_check_calls += 1
            statistics.total_check_cache_hits += 1

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert statistics == Statistics(total_check_calls=80_000, total_check_cache_hits=80_000)


def test_every_counter_is_a_metric_with_the_total_behind():
    registry = CollectorRegistry()
    registry.register(StatisticsCollector({"inbound": Statistics(), "outbound": Statistics()}))

    text = generate_latest(registry).decode()

    samples = [line.partition("{")[0] for line in text.splitlines() if not line.startswith("#")]
    assert samples == [f"{metric_name(name)}_total" for name in DESCRIPTIONS for _ in range(2)]
    assert (
        metric_name("total_remote_quota_prefetch_calls")
        == "mixer_client_remote_quota_prefetch_calls"
    )


def test_a_metric_says_what_it_counts_and_has_the_count_of_each_client():
    registry = CollectorRegistry()
    clients = {"inbound": Statistics(total_check_calls=7)}
    registry.register(StatisticsCollector(clients))

    clients["outbound"] = Statistics(total_check_calls=1)

    assert generate_latest(registry).decode().splitlines()[:4] == [
        "# HELP mixer_client_check_calls_total Checks asked for.",
        "# TYPE mixer_client_check_calls_total counter",
        'mixer_client_check_calls_total{client="inbound"} 7.0',
        'mixer_client_check_calls_total{client="outbound"} 1.0',
    ]


def test_restarting_counts_from_zero():
    statistics = Statistics(total_check_calls=7, total_report_bags_lost=1)

    statistics.restart()

    assert statistics == Statistics()
