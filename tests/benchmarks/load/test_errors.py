"""Whatever a server does wrong, each request of the plan is accounted for."""

import time

import pytest

from benchmarks.load import LoadError, LoadPlan, run_load
from benchmarks.scenario import FRESH, RequestKind
from tests.benchmarks.load.server import OK, ResetError, after, serving
from tests.patience import SOON_S

CLOSED = "closed by the server"
UNIQUE = RequestKind(path="/", headers=(("x-id", FRESH),))


def load(address, **fields):
    """Ten requests in half a second on one connection, if `fields` don't say otherwise."""
    defaults = {
        "kinds": (RequestKind(path="/"),),
        "connections": 1,
        "rate_per_s": 20.0,
        "duration_s": 0.5,
        "pacing": "constant",
        "answer_timeout_s": SOON_S,
    }
    return run_load(LoadPlan(**{"address": address, **defaults, **fields}))


def outcomes(record):
    assert record.planned_count == record.answered_count + record.error_count
    return {**record.by_status, **record.errors}


def fail_on(wrong):
    """Answers as it should be, but the third and the seventh request get something else."""

    def answer(number, head):
        return wrong() if number in (2, 6) else OK

    return answer


def reset():
    raise ResetError


@pytest.mark.parametrize(
    ("wrong", "wanted"),
    [
        # Other answers than 200 are answers.
        (lambda: b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n", {200: 8, 403: 2}),
        (lambda: b"HTTP/1.1 503 No\r\ncontent-length: 2\r\n\r\nno", {200: 8, 503: 2}),
        (lambda: b"HTTP/1.1 204 No Content\r\n\r\n", {200: 8, 204: 2}),
        # A connection that ends takes its request with it, and nothing more.
        (reset, {200: 8, "Connection reset by peer": 2}),
        (lambda: b"", {200: 8, CLOSED: 2}),
        (lambda: [b"HTTP/1.1 200 OK\r\ncontent-le", b""], {200: 8, CLOSED: 2}),
        (lambda: [OK[:-1], b""], {200: 8, CLOSED: 2}),
        # One that ends after an answer, with or without a word, is opened again for the next.
        (
            lambda: [b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n", b""],
            {200: 10},
        ),
        (lambda: [OK, b""], {200: 10}),
        # What is not HTTP/1.1, or does not say where it ends.
        (lambda: b"hello?\r\n\r\n", {200: 8, "no answer by HTTP/1.1": 2}),
        # Answers in chunks, after interim ones, and in pieces.
        (
            lambda: b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            {200: 10},
        ),
        (lambda: b"HTTP/1.1 103 Early Hints\r\n\r\n" + OK, {200: 10}),
        (lambda: [bytes([byte]) for byte in OK], {200: 10}),
    ],
)
def test_what_becomes_of_ten_requests_when_two_are_answered_oddly(wrong, wanted):
    with serving(fail_on(wrong)) as server:
        assert outcomes(load(server.address)) == wanted


def test_a_server_that_is_gone_costs_all_requests_after_it():
    def answer(number, head):
        if number == 4:
            server.stop_listening()
            return b""
        return OK

    with serving(answer) as server:
        record = load(server.address)
    assert outcomes(record) == {200: 4, CLOSED: 1, "Connection refused": 5}


def test_a_server_that_does_not_answer_is_not_waited_for_for_ever():
    with serving(after(SOON_S)) as server:
        start = time.monotonic()
        record = load(server.address, answer_timeout_s=0.2)
        assert time.monotonic() - start < SOON_S
    assert outcomes(record) == {"no answer in time": 1, "never sent": 9}
    assert record.sent_count == 1


def test_who_waits_for_a_connection_that_ends_with_an_answer_gets_a_new_one():
    # All ten are due at once, so that each is sent in the moment in which the one before is over.
    with serving(lambda _number, _head: [OK, b""]) as server:
        record = load(server.address, rate_per_s=1e6, duration_s=1e-5)
        assert server.connection_count == 10
    assert outcomes(record) == {200: 10}


def test_no_two_fresh_texts_are_equal_even_in_two_loads_by_one_plan():
    with serving(after(0)) as server:
        for _ in range(2):
            load(server.address, kinds=(UNIQUE,), rate_per_s=100.0, connections=4)
    assert len(server.heads) == 100
    assert len(set(server.heads)) == 100


def test_a_load_that_can_not_begin_says_why():
    with serving(after(0)) as server:
        address = server.address
    with pytest.raises(LoadError, match="Connection refused"):
        load(address)


@pytest.mark.parametrize(
    "fields",
    [
        {"protocol": "http3"},
        {"pacing": "bursts"},
        {"kinds": (RequestKind(path="/", method="HEAD"),)},
    ],
)
def test_a_load_that_makes_no_sense_says_why(fields):
    with serving(after(0)) as server, pytest.raises(LoadError, match="ValueError: "):
        load(server.address, **fields)
