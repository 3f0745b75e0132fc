"""What is noted while a load runs."""

from array import array

from hdrh.histogram import HdrHistogram

from benchmarks.load.record import histogram
from benchmarks.load.tally import NEVER_SENT, Tally

MS = 1_000_000
START = 5_000 * MS


def values(encoded):
    found = HdrHistogram.decode(encoded)
    return [found.get_min_value(), found.get_max_value(), found.get_total_count()]


def test_a_record_says_what_was_planned_sent_and_answered():
    tally = Tally(START, array("q", [0, 100 * MS, 200 * MS, 300 * MS]))
    for number, lag_ms in ((0, 1), (1, 2), (2, 3)):
        tally.sent_late(lag_ms * MS)
        if number < 2:
            tally.ended(number, 200 + number, START + (number + 1) * 150 * MS)
    tally.ended(2, "reset", START + 900 * MS)
    tally.never_ended(NEVER_SENT, 1)
    record = tally.record(cpu_s=0.5)
    assert (record.planned_count, record.sent_count, record.answered_count) == (4, 3, 2)
    assert record.by_status == {200: 1, 201: 1}
    assert record.errors == {"reset": 1, NEVER_SENT: 1}
    assert record.latency_ns == histogram([150 * MS, 200 * MS])
    assert record.send_lag_ns == histogram([1 * MS, 2 * MS, 3 * MS])
    assert (record.elapsed_s, record.cpu_s) == (0.3, 0.5)


def test_each_half_second_has_the_median_of_the_requests_meant_to_leave_in_it():
    meant_ms = [0, 10, 499, 500, 1700]
    took_ms = [900, 100, 200, 5, 7]
    tally = Tally(START, array("q", [ms * MS for ms in meant_ms]))
    for number, (meant, took) in enumerate(zip(meant_ms, took_ms, strict=True)):
        tally.ended(number, 200, START + (meant + took) * MS)
    assert tally.record(0.0).medians_ns == (200 * MS, 5 * MS, None, 7 * MS)


def test_in_saturation_a_request_is_meant_to_leave_when_it_leaves():
    tally = Tally(START, array("q"))
    number = tally.meant_now(START + 30 * MS)
    tally.sent()
    tally.ended(number, 200, START + 40 * MS)
    record = tally.record(0.0)
    assert (record.planned_count, record.sent_count, record.answered_count) == (1, 1, 1)
    assert record.latency_ns == histogram([10 * MS])
    assert record.send_lag_ns == histogram([])


def test_nothing_came_of_a_load_without_requests():
    record = Tally(START, array("q")).record(0.0)
    assert (record.planned_count, record.by_status, record.errors) == (0, {}, {})
    assert (record.elapsed_s, record.rate_per_s, record.medians_ns) == (0.0, 0.0, ())
