import pytest

from proxy_client.quota.request_counter import RequestCounter


def counter_at(now_s):
    """Three slots of a millisecond, so that what was added shows after each step."""
    return RequestCounter(now_s, slot_count=3, slot_s=0.001)


def test_what_lies_before_the_window_is_not_counted():  # PF10
    counter = counter_at(0)
    for now_s in (0.004, 0.005, 0.007):
        counter.add(1, now_s)

    assert counter.add(0, 0.008) == 1


@pytest.mark.parametrize(
    ("now_s", "count"),
    [
        (1.0, 5),  # its own slot
        (1.002, 5),  # the last slot of its window
        (1.003, 0),  # just out
        (9.0, 0),  # long out
    ],
)
def test_an_amount_is_counted_as_long_as_the_window_is_wide(now_s, count):
    counter = counter_at(0)
    counter.add(5, 1.0)

    assert counter.add(0, now_s) == count


def test_each_add_tells_what_was_there_before():
    counter = RequestCounter(100.0)

    assert [counter.add(amount, 100.0) for amount in (1, 2, 3, 4)] == [0, 1, 3, 6]


def test_a_second_is_counted_in_steps_of_a_twentieth():
    counter = RequestCounter(0)
    for step in range(40):
        counter.add(1, step / 20)

    assert counter.add(0, 1.95) == 20
    assert counter.add(0, 2.0) == 19


def test_a_time_before_an_earlier_one_counts_as_that_one():
    counter = counter_at(5)
    counter.add(1, 5)
    counter.add(1, 4)

    assert counter.add(0, 5.002) == 2
