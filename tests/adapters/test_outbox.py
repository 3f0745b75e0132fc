"""What is put into an outbox is sent, or dropped and counted."""

import queue
import threading

import pytest

from adapters.outbox import Bounds, Outbox
from tests.adapters.otlp_receiver import eventually
from tests.patience import SOON_S

NEVER_S = 3600.0


class Peer:
    """Takes batches, answers as a test wants it, and lets it see that an attempt has begun."""

    def __init__(self):
        self.attempts = queue.Queue()
        self.answers = queue.Queue()
        self.is_open = True
        self.sent = []

    def send(self, batch):
        self.attempts.put(list(batch))
        error = None if self.is_open else self.answers.get(timeout=SOON_S)
        if error is not None:
            raise error
        self.sent.append(list(batch))

    def attempt(self):
        return self.attempts.get(timeout=SOON_S)


class Dropped:
    def __init__(self):
        self.count = 0

    def __call__(self, count):
        self.count += count


@pytest.fixture
def peer():
    return Peer()


@pytest.fixture
def dropped():
    return Dropped()


def outbox_of(peer, dropped, **bounds):
    more = {"max_waiting": 10, "max_batch": 3, "interval_s": NEVER_S, "retry_pause_s": 0.01}
    return Outbox("test", peer.send, Bounds(**{**more, **bounds}), dropped, len)


def test_a_full_batch_goes_at_once_and_no_batch_is_heavier_than_allowed(peer, dropped):
    outbox = outbox_of(peer, dropped)
    outbox.put(["a", "bb", "c", "dddd", "e"])
    assert [peer.attempt() for _ in range(4)] == [["a", "bb"], ["c"], ["dddd"], ["e"]]
    outbox.stop()
    outbox.join(SOON_S)
    assert (dropped.count, peer.attempts.qsize()) == (0, 0)


def test_what_fills_no_batch_goes_after_the_interval(peer, dropped):
    outbox = outbox_of(peer, dropped, interval_s=0.02)
    outbox.put(["a"])
    assert peer.attempt() == ["a"]
    outbox.stop()
    outbox.join(SOON_S)


def test_a_batch_that_fails_is_tried_again_before_others(peer, dropped):
    peer.is_open = False
    outbox = outbox_of(peer, dropped)
    outbox.put(["aaa"])
    assert peer.attempt() == ["aaa"]
    outbox.put(["bbb"])
    for answer in (OSError("down"), OSError("down"), None, None):
        peer.answers.put(answer)
    assert [peer.attempt() for _ in range(3)] == [["aaa"], ["aaa"], ["bbb"]]
    outbox.stop()
    outbox.join(SOON_S)
    assert (peer.sent, dropped.count) == ([["aaa"], ["bbb"]], 0)


def test_what_is_being_sent_takes_room_too(peer, dropped):
    peer.is_open = False
    outbox = outbox_of(peer, dropped, max_waiting=4)
    outbox.put(["aaa"])
    peer.attempt()
    outbox.put(["b", "c", "d", "e", "f"])
    assert dropped.count == 2
    for _ in range(2):
        peer.answers.put(None)
    outbox.stop()
    outbox.join(SOON_S)
    assert (peer.sent, dropped.count) == ([["aaa"], ["b", "c", "d"]], 2)


def test_a_batch_is_dropped_after_so_many_attempts(peer, dropped):
    peer.is_open = False
    outbox = outbox_of(peer, dropped, max_attempts=2)
    outbox.put(["aaa", "bbb"])
    for answer in (OSError("down"), OSError("down"), None):
        peer.answers.put(answer)
    assert [peer.attempt() for _ in range(3)] == [["aaa"], ["aaa"], ["bbb"]]
    outbox.stop()
    outbox.join(SOON_S)
    assert (peer.sent, dropped.count) == ([["bbb"]], 1)


def test_a_batch_that_can_never_be_sent_is_dropped_at_once(peer, dropped, caplog):
    peer.is_open = False
    outbox = outbox_of(peer, dropped)
    outbox.put(["aa", "b", "ccc"])
    peer.answers.put(ValueError("no text"))
    peer.answers.put(None)
    outbox.stop()
    outbox.join(SOON_S)
    assert (peer.sent, dropped.count) == ([["ccc"]], 2)
    assert [record.getMessage() for record in caplog.records] == [
        "test can't send a batch, which is dropped"
    ]


def test_stop_sends_what_waits_and_refuses_the_rest(peer, dropped):
    outbox = outbox_of(peer, dropped)
    outbox.put(["a"])
    outbox.stop()
    outbox.put(["b", "c"])
    outbox.join(SOON_S)
    assert (peer.sent, dropped.count) == ([["a"]], 2)


def test_a_failure_after_stop_drops_all_that_waits(peer, dropped):
    peer.is_open = False
    outbox = outbox_of(peer, dropped)
    outbox.put(["aaa", "bbb", "c"])
    outbox.stop()
    peer.answers.put(OSError("down"))
    outbox.join(SOON_S)
    assert (peer.sent, dropped.count) == ([], 3)


def test_join_waits_no_longer_than_it_is_told_and_counts_each_item_once(peer, dropped):
    peer.is_open = False
    outbox = outbox_of(peer, dropped)
    outbox.put(["aaa", "bbb"])
    peer.attempt()
    outbox.stop()
    outbox.join(0.01)
    assert dropped.count == 2
    peer.answers.put(OSError("too late"))
    eventually(lambda: "mixer-test" not in {thread.name for thread in threading.enumerate()})
    assert (peer.sent, dropped.count) == ([], 2)
