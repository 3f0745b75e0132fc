"""The sender's thread is real; its clock is moved by the tests."""

import queue
import threading
from types import MappingProxyType

import pytest

from mixer.attribute.compressed_encode import encode
from proxy_client.compression import Compressor
from proxy_client.report.batch import ReportBatch
from proxy_client.report.queue import BatchLimits
from proxy_client.report.sender import ReportSender
from proxy_client.statistics import Statistics
from tests.patience import SOON_S


class Time:
    """A clock that stands still, and the conditions of those who wait by it."""

    def __init__(self):
        self.now_s = 100.0
        self.conditions = []

    def monotonic(self):
        return self.now_s

    def condition(self):
        self.conditions.append(Waiting())
        return self.conditions[-1]

    def advance(self, seconds):
        for condition in self.conditions:
            with condition:
                self.now_s += seconds
                condition.notify_all()


class Waiting(threading.Condition):
    """Waits until notified: the time of this computer does not count."""

    def wait(self, timeout=None):
        return super().wait(SOON_S)


class Mixer:
    """Takes batches; holds back each one until it may go on."""

    def __init__(self):
        self.batches = queue.Queue()
        self.threads = set()
        self.may_go_on = threading.Event()
        self.may_go_on.set()

    def send(self, batch):
        self.threads.add(threading.current_thread())
        self.batches.put(batch.bags)
        assert self.may_go_on.wait(SOON_S)

    def take(self):
        """The next batch, when it comes, by the numbers of its bags."""
        return [bag["request.size"] for bag in self.batches.get(timeout=SOON_S)]

    @property
    def has_more(self):
        return not self.batches.empty()


@pytest.fixture
def time():
    return Time()


@pytest.fixture
def mixer():
    return Mixer()


@pytest.fixture
def make(time, mixer):
    """Makes batches, which are closed in the end."""
    made = []

    def make(statistics=None, **limits):
        made.append(
            ReportBatch(
                mixer.send,
                statistics or Statistics(),
                BatchLimits(**limits),
                monotonic=time.monotonic,
                condition=time.condition,
            )
        )
        return made[-1]

    yield make
    mixer.may_go_on.set()
    for batch in made:
        assert batch.close()


def add(batch, *numbers):
    for number in numbers:
        batch.add({"request.size": number})


# RB1
def test_with_batches_of_one_each_report_is_a_call_and_no_time_passes(make, mixer):
    batch = make(max_entries=1)

    for number in range(3):
        add(batch, number)
        assert mixer.take() == [number]


# RB2
def test_ten_reports_in_batches_of_three_are_three_calls_and_a_fourth_with_the_flush(make, mixer):
    batch = make(max_entries=3)

    add(batch, *range(10))
    assert [mixer.take() for _ in range(3)] == [[0, 1, 2], [3, 4, 5], [6, 7, 8]]
    assert not mixer.has_more

    assert batch.flush()
    assert mixer.take() == [9]
    assert not mixer.has_more


# RB3
def test_one_report_goes_out_when_its_time_is_over_and_a_later_flush_sends_nothing(
    make, mixer, time
):
    batch = make(max_time_s=1.0)

    add(batch, 1)
    time.advance(1.0)
    assert mixer.take() == [1]

    assert batch.flush()
    assert not mixer.has_more


# G report_batch
def test_three_requests_are_one_call_with_three_complete_bags(time):
    requests, statistics = [], Statistics()
    sender = ReportSender(requests.append, Compressor(), statistics)
    batch = ReportBatch(sender.send, statistics, monotonic=time.monotonic, condition=time.condition)
    bags = [{"request.method": method, "source.port": 80} for method in ("GET", "POST", "POST")]

    for bag in bags:
        batch.add(bag)
    assert batch.close()

    (request,) = requests
    assert list(request.attributes) == [encode(bag) for bag in bags]
    assert statistics == Statistics(
        total_report_calls=3, total_remote_report_calls=1, total_remote_report_successes=1
    )


def test_the_first_report_of_a_batch_says_when_it_goes_out(make, mixer, time):
    batch = make(max_time_s=1.0)

    add(batch, 1)
    time.advance(0.75)
    add(batch, 2)
    time.advance(0.25)

    assert mixer.take() == [1, 2]


def test_a_batch_that_went_out_full_has_no_say_in_when_the_next_one_does(make, mixer, time):
    batch = make(max_entries=2, max_time_s=1.0)

    add(batch, 1, 2)
    assert mixer.take() == [1, 2]
    time.advance(0.5)
    add(batch, 3)
    time.advance(0.75)  # the full one would go out now
    add(batch, 4)

    assert mixer.take() == [3, 4]


def test_what_is_changed_after_a_report_is_not_changed_in_it(make, mixer):
    batch = make()
    headers, labels = {":path": "/"}, {"app": "cart"}
    attributes = {
        "request.size": 1,
        "request.headers": headers,
        "source.labels": MappingProxyType(labels),
    }

    batch.add(attributes)
    attributes["request.size"] = 2
    headers[":path"] = labels["app"] = "changed"
    batch.flush()

    assert mixer.batches.get(timeout=SOON_S) == [
        {"request.size": 1, "request.headers": {":path": "/"}, "source.labels": {"app": "cart"}}
    ]


# The original compressed and sent on the turn of the request that filled the batch.
def test_nothing_is_sent_on_the_turn_of_a_caller(make, mixer):
    batch = make(max_entries=1)

    add(batch, 1, 2)
    assert batch.flush()

    (thread,) = mixer.threads
    assert thread is not threading.current_thread()
    assert thread.daemon


def test_the_thread_starts_with_the_first_report(make):
    before = set(threading.enumerate())

    batch = make()
    assert batch.flush()
    assert set(threading.enumerate()) <= before

    add(batch, 1)
    assert len(set(threading.enumerate()) - before) == 1


def test_reports_gather_while_a_call_is_under_way_up_to_a_bound(make, mixer):
    statistics = Statistics()
    batch = make(statistics, max_entries=2, max_queued=3)
    mixer.may_go_on.clear()

    add(batch, 1, 2)
    assert mixer.take() == [1, 2]
    add(batch, 3, 4, 5, 6, 7)
    assert statistics == Statistics(total_report_calls=7, total_reports_dropped=2)

    mixer.may_go_on.set()
    assert batch.flush()
    assert [mixer.take(), mixer.take()] == [[3, 4], [5]]


def test_a_flush_waits_no_longer_than_it_is_told(make, mixer, time):
    batch = make()
    mixer.may_go_on.clear()
    add(batch, 1)

    assert not batch.flush(timeout_s=0)

    assert mixer.take() == [1]
    flushes = []
    flushing = threading.Thread(target=lambda: flushes.append(batch.flush(timeout_s=5)))
    flushing.start()
    while flushing.is_alive():
        time.advance(1)
    assert flushes == [False]


def test_closing_sends_what_is_left_and_takes_no_more(make, mixer):
    statistics = Statistics()
    batch = make(statistics)
    add(batch, 1, 2)

    assert batch.close()
    assert mixer.take() == [1, 2]
    add(batch, 3)

    assert batch.close()
    assert not mixer.has_more
    assert statistics == Statistics(total_report_calls=3, total_reports_dropped=1)


def test_what_could_not_be_tried_before_closing_is_counted_as_lost(make, mixer):
    statistics = Statistics()
    batch = make(statistics, max_entries=2)
    mixer.may_go_on.clear()
    add(batch, 1, 2)
    assert mixer.take() == [1, 2]
    add(batch, 3, 4, 5)

    assert not batch.close(timeout_s=0)

    assert statistics == Statistics(total_report_calls=5, total_report_bags_lost=3)
    mixer.may_go_on.set()
    assert batch.flush()
    assert not mixer.has_more


def test_the_thread_ends_when_the_batch_is_closed(make, mixer):
    batch = make()
    add(batch, 1)
    assert batch.close()

    (thread,) = mixer.threads
    thread.join(SOON_S)
    assert not thread.is_alive()


def test_each_report_of_many_threads_is_sent_once(make, mixer):
    batch = make(max_entries=7)

    threads = [
        threading.Thread(target=add, args=(batch, *range(start, start + 250)))
        for start in range(0, 1000, 250)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert batch.flush()

    sent = []
    while mixer.has_more:
        sent += mixer.take()
    assert sorted(sent) == list(range(1000))


@pytest.fixture
def no_memory_for_threads():
    before = threading.stack_size(1 << 46)
    yield
    threading.stack_size(before)


def test_a_report_for_which_no_thread_can_be_started_waits_for_the_next(
    make, mixer, no_memory_for_threads
):
    batch = make(max_entries=2)

    add(batch, 1)
    threading.stack_size(0)
    add(batch, 2)

    assert mixer.take() == [1, 2]
