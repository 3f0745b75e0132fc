"""What work leaves behind is found, whichever allocator it comes from."""

import threading

from mixer.adapter.testing.memory import kept_bytes

ALLOWED = 256 * 1024


def test_work_that_leaves_nothing_keeps_nothing():
    assert kept_bytes(lambda: sum(len(str(n)) for n in range(1000)), ALLOWED) == 0


def test_many_small_objects_are_found():
    kept = []
    found = kept_bytes(lambda: kept.extend(str(n) for n in range(20_000)), ALLOWED)
    assert 20_000 * 50 <= found <= 20_000 * 80


def test_one_object_that_grows_is_found():
    kept = bytearray()
    found = kept_bytes(lambda: kept.extend(b"x" * 2_000_000), ALLOWED)
    assert found >= 2_000_000


def test_little_is_allowed():
    kept = []
    assert kept_bytes(lambda: kept.append(object()), ALLOWED) == 0


def test_what_goes_by_itself_soon_after_is_not_kept():
    def work():
        under_way = [str(n) for n in range(20_000)]
        threading.Timer(1, under_way.clear).start()

    assert kept_bytes(work, ALLOWED) <= ALLOWED
