"""What came of a load, and its histograms."""

from random import Random

from hdrh.histogram import HdrHistogram

from benchmarks.load import LoadRecord
from benchmarks.load.record import histogram
from benchmarks.statistics.shape import DIGITS, HIGHEST_NS, LOWEST_NS


def counts(encoded):
    return [(item.value_iterated_to, item.count_added_in_this_iter_step) for item in steps(encoded)]


def steps(encoded):
    return HdrHistogram.decode(encoded).get_recorded_iterator()


def test_a_histogram_is_as_if_each_value_had_been_recorded_by_itself():
    random = Random(1)
    values = [round(10 ** random.uniform(0, 10.7)) for _ in range(5_000)]
    one_by_one = HdrHistogram(LOWEST_NS, HIGHEST_NS, DIGITS)
    for value in values:
        one_by_one.record_value(value)
    assert counts(histogram(values)) == counts(one_by_one.encode())


def test_times_beyond_the_highest_count_as_the_highest():
    found = HdrHistogram.decode(histogram([HIGHEST_NS * 5]))
    assert found.get_total_count() == 1
    assert found.values_are_equivalent(found.get_max_value(), HIGHEST_NS)


def test_a_histogram_of_nothing_is_empty():
    assert HdrHistogram.decode(histogram([])).get_total_count() == 0


def test_a_record_outlives_its_way_through_json():
    record = LoadRecord(
        planned_count=5,
        sent_count=4,
        answered_count=3,
        by_status={200: 2, 403: 1},
        errors={"no answer in time": 1, "never sent": 1},
        latency_ns=histogram([1_000_000]),
        send_lag_ns=histogram([]),
        elapsed_s=1.5,
        cpu_s=0.25,
        medians_ns=(1_000_000, None, 2_000_000),
    )
    assert LoadRecord.from_json(record.to_json()) == record
    assert record.error_count == 2
    assert record.rate_per_s == 2.0
