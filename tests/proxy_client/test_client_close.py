"""The beginning and the end of a client: its transport, its threads, and what was under way."""

import threading

import pytest

from mixer.status import OK, Code, Status
from proxy_client.client import MixerClient
from proxy_client.options import FailMode, RetryOptions
from proxy_client.verdict import Verdict
from tests.patience import SOON_S
from tests.proxy_client.fake_mixer import (
    UNREACHABLE,
    FakeMixer,
    answer,
    client_of,
    counted,
    granting,
    hold_invariants,
)

HERE = {"source.name": "here"}
HIT = Verdict(OK, check_cache_hit=True)


def test_closing_sends_what_waits_and_fails_what_is_under_way():
    mixer = FakeMixer()
    client = client_of(mixer)
    client.report(HERE)
    begun = client.begin_check(HERE)

    client.close()

    assert [len(report.attributes) for report in mixer.reports] == [1]
    assert begun.result() == Verdict(Status(code=Code.UNAVAILABLE, message="closed"))
    client.report(HERE)
    assert counted(client, "report_calls", "reports_dropped") == {
        "report_calls": 2,
        "reports_dropped": 1,
    }


@pytest.mark.parametrize(
    ("mode", "code"), [(FailMode.OPEN, Code.OK), (FailMode.CLOSED, Code.UNAVAILABLE)]
)
def test_after_closing_only_the_cache_answers(mode, code):
    mixer = FakeMixer(lambda _: answer(by=["source.name"]))
    client = client_of(mixer, check_fail_mode=mode)
    client.check(HERE)
    client.close()
    client.close()

    assert client.check(HERE) == HIT
    assert client.check({"source.name": "there"}).status.code == code
    assert hold_invariants(client)


def test_a_client_that_is_closed_before_its_first_call_makes_none():
    made = []
    client = MixerClient(lambda: made.append("transport"))
    client.close()
    client.report(HERE)

    closed = Status(code=Code.UNAVAILABLE, message="the client is closed")
    assert client.check(HERE) == Verdict(closed)
    assert made == []


def test_a_transport_that_cannot_be_made_is_a_failure_and_is_tried_anew():
    mixer = FakeMixer(granting)
    attempts = [mixer]

    def connect():
        if attempts:
            attempts.clear()
            raise OSError("no such certificate")
        return mixer

    client = MixerClient(connect)
    assert client.check(HERE).status == Status(
        code=Code.INTERNAL, message="cannot be sent: OSError('no such certificate')"
    )
    assert client.check(HERE) == Verdict()
    assert hold_invariants(client)


def test_no_thread_is_left_after_closing():
    before = set(threading.enumerate())
    mixer = FakeMixer(lambda _: UNREACHABLE)
    client = client_of(mixer, retries=RetryOptions(max_count=5, base_wait_s=60, max_wait_s=60))
    client.report(HERE)
    begun = client.begin_check(HERE)
    assert len(set(threading.enumerate()) - before) == 2

    client.close()

    assert begun.result(timeout=SOON_S).status.code == Code.UNAVAILABLE
    for thread in set(threading.enumerate()) - before:
        thread.join(timeout=SOON_S)
    assert set(threading.enumerate()) <= before
