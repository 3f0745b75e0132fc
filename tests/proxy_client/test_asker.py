"""Equal requests that miss the cache at the same time, through a whole client."""

import threading
from collections import UserDict
from concurrent.futures import ThreadPoolExecutor

import pytest

from mixer.status import Code, Status
from proxy_client.options import FailMode
from proxy_client.quota.charge import QuotaCharge
from proxy_client.verdict import Verdict
from tests.patience import SOON_S
from tests.proxy_client.fake_mixer import (
    UNREACHABLE,
    FakeMixer,
    answer,
    client_of,
    counted,
    hold_invariants,
)

HERE = {"source.name": "here"}
THREAD_COUNT = 16


def begin(client, count, **attributes):
    return [client.begin_check(HERE | attributes) for _ in range(count)]


def test_equal_misses_share_one_call():
    mixer = FakeMixer()
    client = client_of(mixer)
    begun = begin(client, 10)
    assert len(mixer.calls) == 1

    mixer.calls[0].end(answer())

    assert [each.result() for each in begun] == [Verdict()] * 10
    assert counted(client, "check_cache_misses", "remote_check_calls", "check_calls_shared") == {
        "check_cache_misses": 10,
        "remote_check_calls": 1,
        "check_calls_shared": 9,
    }
    assert hold_invariants(client)


def test_each_use_of_a_shared_answer_is_one():
    mixer = FakeMixer()
    client = client_of(mixer)
    begun = begin(client, 4)

    mixer.calls[0].end(answer(uses=2))

    assert [each.done() for each in begun] == [True, True, True, False]
    assert len(mixer.calls) == 2
    mixer.calls[1].end(answer())
    assert begun[3].result() == Verdict()
    assert hold_invariants(client)


def test_threads_that_ask_the_same_at_once_make_one_call():
    asked = threading.Barrier(THREAD_COUNT)
    mixer = FakeMixer(lambda _: answer(by=["source.name"]))
    client = client_of(mixer)

    def check(number):
        asked.wait(timeout=SOON_S)
        return client.check({"source.name": f"{number}", "request.id": f"{threading.get_ident()}"})

    with ThreadPoolExecutor(THREAD_COUNT) as pool:
        for number in range(100):
            verdicts = list(pool.map(check, [number] * THREAD_COUNT))
            assert [verdict.status.code for verdict in verdicts] == [Code.OK] * THREAD_COUNT

    assert len(mixer.calls) == 100
    assert hold_invariants(client)


class Copied(UserDict):
    """Attributes that do something when they are copied."""

    def __init__(self, attributes, on_copy):
        super().__init__(attributes)
        self.on_copy = on_copy

    def keys(self):
        self.on_copy()
        return super().keys()


def test_a_call_that_ends_after_a_look_at_the_cache_is_shared_too():
    mixer = FakeMixer()
    client = client_of(mixer)
    first = client.begin_check(HERE)
    second = client.begin_check(Copied(HERE, lambda: mixer.calls[0].end(answer())))

    assert [first.result(timeout=SOON_S), second.result(timeout=SOON_S)] == [Verdict()] * 2
    assert len(mixer.calls) == 1
    assert hold_invariants(client)


@pytest.mark.parametrize(
    ("mode", "verdict"),
    [
        (FailMode.OPEN, Verdict()),
        (FailMode.CLOSED, Verdict(Status(code=Code.UNAVAILABLE, message="nobody there"))),
    ],
)
def test_a_failure_is_shared_too(mode, verdict):
    mixer = FakeMixer()
    client = client_of(mixer, check_fail_mode=mode)
    begun = begin(client, 3)

    mixer.calls[0].end(UNREACHABLE)

    assert [each.result() for each in begun] == [verdict] * 3
    assert len(mixer.calls) == 1
    assert counted(client, "check_calls_shared") == {"check_calls_shared": 2}
    assert hold_invariants(client)


def test_who_the_answer_is_not_for_makes_a_call_of_its_own():
    mixer = FakeMixer()
    client = client_of(mixer)
    begun = [client.begin_check(HERE | {"request.id": f"{number}"}) for number in range(3)]
    assert len(mixer.calls) == 1

    mixer.calls[0].end(answer(by=["request.id"]))
    assert len(mixer.calls) == 3
    mixer.calls[1].end(answer(7, "no", by=["request.id"]))
    mixer.calls[2].end(UNREACHABLE)

    assert [each.result().status.code for each in begun] == [0, 7, 14]
    assert hold_invariants(client)


def test_who_waits_for_a_call_that_is_cancelled_makes_its_own():
    mixer = FakeMixer()
    client = client_of(mixer)
    first, *others = begin(client, 3)

    first.cancel()
    assert [call.is_cancelled for call in mixer.calls] == [True, False, False]
    for call in mixer.calls[1:]:
        call.end(answer())

    assert [each.result() for each in others] == [Verdict()] * 2


def test_who_cancels_its_waiting_cancels_no_call_and_makes_none():
    mixer = FakeMixer()
    client = client_of(mixer)
    first, second = begin(client, 2)

    second.cancel()
    mixer.calls[0].end(answer(uses=0))

    assert first.result() == Verdict()
    assert [call.is_cancelled for call in mixer.calls] == [False]


def test_who_cancels_after_its_waiting_cancels_its_own_call():
    mixer = FakeMixer()
    client = client_of(mixer)
    _, second = begin(client, 2)
    mixer.calls[0].end(answer(uses=0))

    second.cancel()

    assert [call.is_cancelled for call in mixer.calls] == [False, True]


def test_an_error_of_one_is_not_one_of_those_who_wait():
    mixer = FakeMixer()
    client = client_of(mixer)
    good = client.begin_check(HERE)
    bad = client.begin_check(HERE | {"request.id": object()})
    mixer.calls[0].end(answer(uses=0))

    assert good.result() == Verdict()
    with pytest.raises(TypeError):
        bad.result()


def test_a_new_call_is_made_after_the_shared_one_is_over():
    mixer = FakeMixer(lambda _: answer(uses=0))
    client = client_of(mixer)

    assert [client.check(HERE) for _ in range(3)] == [Verdict()] * 3
    assert len(mixer.calls) == 3


@pytest.mark.parametrize(
    ("quotas", "options"),
    [
        ((QuotaCharge("RequestCount"),), {}),  # each pays for itself
        ((), {"check_cache_entries": 0}),  # no answer is for others
        ((), {"max_shared_calls": 0}),
    ],
)
def test_some_calls_are_not_shared(quotas, options):
    mixer = FakeMixer()
    client = client_of(mixer, **options)
    for _ in range(3):
        client.begin_check(HERE, quotas)

    assert len(mixer.calls) == 3


def test_the_calls_that_may_be_shared_are_bounded():
    mixer = FakeMixer()
    client = client_of(mixer, max_shared_calls=2)
    for name in ("a", "b", "c", "a", "b", "c"):
        client.begin_check({"source.name": name})

    assert len(mixer.calls) == 4
