"""How many series a metric may have, and for how long."""

import threading

import pytest
from prometheus_client import REGISTRY

from adapters.series_limit import SeriesLimit


def dropped(handler, metric):
    labels = {"handler": handler, "metric": metric}
    return REGISTRY.get_sample_value("mixer_adapter_dropped_samples_total", labels)


def test_a_new_series_is_dropped_and_counted_where_it_would_be_one_too_many():
    limit = SeriesLimit("full.test", "requests", max_series=2)
    asked = [("a",), ("b",), ("a",), ("c",), ("b",), ("c",)]
    assert [limit.admits(key, 0) for key in asked] == [True, True, True, False, True, False]
    assert dropped("full.test", "requests") == 2


def test_each_metric_has_its_own_series_and_its_own_count():
    first = SeriesLimit("own.test", "first", max_series=1)
    second = SeriesLimit("own.test", "second", max_series=1)
    assert [first.admits("a", 0), second.admits("b", 0), first.admits("b", 0)] == [
        True,
        True,
        False,
    ]
    assert (dropped("own.test", "first"), dropped("own.test", "second")) == (1, 0)


def test_an_idle_series_expires_and_leaves_its_place_to_another():
    limit = SeriesLimit("idle.test", "requests", max_series=2, idle_s=60)
    assert limit.admits("old", 0)
    assert limit.admits("busy", 0)
    assert limit.admits("busy", 50)
    assert limit.expire(60) == []  # idle for 60 seconds, not for more
    assert limit.expire(61) == ["old"]
    assert limit.expire(61) == []
    assert [limit.admits(key, 61) for key in ("new", "old", "busy")] == [True, False, True]


def test_without_an_idle_time_nothing_expires():
    limit = SeriesLimit("ever.test", "requests", max_series=2)
    assert limit.admits("a", 0)
    assert limit.expire(1e9) == []


@pytest.mark.parametrize("thread_count", [8])
def test_many_threads_together_get_no_more_than_the_limit(thread_count):
    limit = SeriesLimit("threads.test", "requests", max_series=100)
    admitted = []

    def ask(number):
        admitted.extend(limit.admits((number, i), 0) for i in range(50))

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(thread_count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (admitted.count(True), dropped("threads.test", "requests")) == (100, 300)
