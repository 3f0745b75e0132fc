import threading
import time

import pytest

from adapters.metering.group_commit import GroupCommit
from adapters.metering.record import UsageRecord, digest
from mixer.adapter import UnavailableError
from tests.patience import SOON_S


def record(name):
    return UsageRecord(digest([name]), 1, 2, "acme", "calls", "call", 0, 1, "source", name)


class Disk:
    """Writes when the test lets it; notes what it was given."""

    def __init__(self):
        self.written = []
        self.is_free = threading.Event()
        self.is_busy = threading.Event()
        self.error = None

    def write(self, records):
        self.is_busy.set()
        assert self.is_free.wait(SOON_S)
        if self.error:
            raise self.error
        self.written.append([one.reference for one in records])


def call(commit, name, outcomes):
    try:
        commit.add([record(name)])
    except Exception as error:
        outcomes[name] = error
    else:
        outcomes[name] = "durable"


def start(commit, names, outcomes):
    threads = [threading.Thread(target=call, args=(commit, name, outcomes)) for name in names]
    for thread in threads:
        thread.start()
    return threads


def until(condition):
    end = time.monotonic() + SOON_S
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.001)


def gather(disk, commit, names, outcomes):
    """Has the first call write, and all others wait meanwhile."""
    threads = start(commit, names[:1], outcomes)
    assert disk.is_busy.wait(SOON_S)
    threads += start(commit, names[1:], outcomes)
    until(lambda: len(commit._waiting) == len(names) - 1)
    return threads


def test_calls_that_come_during_a_write_share_the_next_one():
    disk, outcomes = Disk(), {}
    commit = GroupCommit(disk.write, 10)
    threads = gather(disk, commit, ["a", "b", "c", "d"], outcomes)
    assert outcomes == {}

    disk.is_free.set()
    for thread in threads:
        thread.join(SOON_S)

    assert outcomes == dict.fromkeys("abcd", "durable")
    assert [disk.written[0], sorted(disk.written[1])] == [["a"], ["b", "c", "d"]]


def test_all_who_share_a_write_hear_of_its_failure():
    disk, outcomes = Disk(), {}
    commit = GroupCommit(disk.write, 10)
    disk.error = UnavailableError("disk full")
    threads = gather(disk, commit, ["a", "b", "c"], outcomes)

    disk.is_free.set()
    for thread in threads:
        thread.join(SOON_S)
    disk.error = None
    call(commit, "d", outcomes)

    assert {name: str(outcome) for name, outcome in outcomes.items()} == {
        "a": "disk full",
        "b": "disk full",
        "c": "disk full",
        "d": "durable",
    }
    assert disk.written == [["d"]]


def test_who_does_not_get_a_turn_in_time_takes_the_records_along():
    disk, outcomes = Disk(), {}
    commit = GroupCommit(disk.write, 0.05)
    threads = start(commit, ["a"], outcomes)
    assert disk.is_busy.wait(SOON_S)

    with pytest.raises(UnavailableError, match=r"^the ledger was busy for 0.05 s$"):
        commit.add([record("b")])
    disk.is_free.set()
    threads[0].join(SOON_S)
    commit.add([record("c")])

    assert disk.written == [["a"], ["c"]]


def test_other_work_waits_for_its_turn_too():
    disk, outcomes = Disk(), {}
    commit = GroupCommit(disk.write, 10)
    threads = start(commit, ["a"], outcomes)
    assert disk.is_busy.wait(SOON_S)

    late = commit.alone(lambda: 7, 0.01)
    disk.is_free.set()
    threads[0].join(SOON_S)

    assert (late, commit.alone(lambda: 7, 0.01)) == (None, 7)
