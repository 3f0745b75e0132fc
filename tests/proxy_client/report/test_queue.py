import pytest

from proxy_client.report.queue import Batch, BatchLimits, ReportQueue


def bag(number):
    return {"request.size": number}


def queue(*times_s, **limits):
    """A queue with a bag for each time, numbered from 0."""
    queue = ReportQueue(BatchLimits(**limits))
    for number, time_s in enumerate(times_s):
        queue.add(bag(number), time_s)
    return queue


def test_an_empty_queue_has_nothing_to_wait_for():
    assert queue().wait_s(0.0) is None


def test_the_oldest_report_says_when_a_batch_is_due():
    waiting = queue(10.0, 10.9, max_time_s=1.0)

    assert waiting.wait_s(10.75) == 0.25
    assert waiting.wait_s(11.0) == 0.0
    assert waiting.wait_s(99.0) == 0.0


def test_a_full_batch_is_due_at_once():
    assert queue(10.0, 10.0, max_entries=3).wait_s(10.0) == 1.0
    assert queue(10.0, 10.0, 10.0, max_entries=3).wait_s(10.0) == 0.0


@pytest.mark.parametrize("max_entries", [0, 1])
def test_with_no_batching_each_report_is_due_at_once_and_alone(max_entries):
    waiting = queue(10.0, 10.0, max_entries=max_entries)

    assert waiting.wait_s(10.0) == 0.0
    assert waiting.take(10.0) == Batch([bag(0)], is_urgent=True)
    assert waiting.take(10.0) == Batch([bag(1)], is_urgent=False)


def test_what_is_left_after_a_batch_is_as_old_as_its_own_oldest():
    waiting = queue(10.0, 10.1, 10.5, max_entries=2)

    assert waiting.take(10.5) == Batch([bag(0), bag(1)], is_urgent=False)
    assert waiting.wait_s(10.5) == 1.0


def test_a_flush_makes_due_what_is_there_and_not_what_comes_later():
    waiting = queue(10.0, 10.0, 10.0, max_entries=2)

    waiting.flush()

    assert waiting.take(10.0) == Batch([bag(0), bag(1)], is_urgent=True)
    waiting.add(bag(3), 10.0)  # goes out with what was flushed
    assert waiting.take(10.0) == Batch([bag(2), bag(3)], is_urgent=False)
    waiting.add(bag(4), 10.0)
    assert waiting.wait_s(10.0) == 1.0


def test_no_more_wait_than_may():
    waiting = queue(10.0, 10.0, max_queued=2)

    assert not waiting.add(bag(2), 10.0)
    assert len(waiting) == 2
    assert waiting.take(10.0).bags == [bag(0), bag(1)]
    assert waiting.add(bag(3), 10.0)


def test_a_sender_is_needed_when_a_batch_begins_and_when_it_is_full():
    waiting = ReportQueue(BatchLimits(max_entries=3))
    turns = []
    for number in range(5):
        waiting.add(bag(number), 10.0)
        turns.append(waiting.is_at_turn)

    assert turns == [True, False, True, False, False]


def test_clearing_forgets_all_and_says_how_many():
    waiting = queue(10.0, 10.0)
    waiting.flush()

    assert waiting.clear() == 2
    assert waiting.wait_s(10.0) is None
    waiting.add(bag(2), 10.0)
    assert waiting.wait_s(10.0) == 1.0
