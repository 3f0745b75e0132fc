"""What each request consists of."""

import pytest
from hpack import Decoder

from benchmarks.load.requests import Requests, drawn_kinds, http1_message, http2_block
from benchmarks.scenario import FRESH, RequestKind

PLAIN = RequestKind(path="/plain", headers=(("X-User", "ann"), ("accept", "*/*")))
UNIQUE = RequestKind(path="/unique", headers=(("x-id", f"<{FRESH}>"), ("x-user", "ann")))


def requests(*kinds, encode=http1_message, seed=1, token="0a1b2c3d"):
    return Requests(kinds, encode, "example.org", seed, token)


def test_a_request_by_http_1_is_its_head():
    assert requests(PLAIN).message(0) == (
        b"GET /plain HTTP/1.1\r\nhost: example.org\r\nX-User: ann\r\naccept: */*\r\n\r\n"
    )


def test_a_method_that_has_a_body_says_that_there_is_none():
    assert requests(RequestKind(path="/", method="POST")).message(0) == (
        b"POST / HTTP/1.1\r\nhost: example.org\r\ncontent-length: 0\r\n\r\n"
    )


def test_a_fresh_text_is_the_token_of_the_load_and_the_number_of_the_request():
    assert requests(UNIQUE).message(12) == (
        b"GET /unique HTTP/1.1\r\nhost: example.org\r\n"
        b"x-id: <0a1b2c3d-000000012>\r\nx-user: ann\r\n\r\n"
    )


@pytest.mark.parametrize("encode", [http1_message, http2_block])
def test_no_two_fresh_requests_are_equal_within_a_load_or_between_two(encode):
    loads = (requests(UNIQUE, encode=encode, token=token) for token in ("0a1b2c3d", "0a1b2c3e"))
    messages = [load.message(number) for load in loads for number in range(20_000)]
    assert len(set(messages)) == 40_000
    assert len({len(message) for message in messages}) == 1


def test_a_request_by_http_2_is_a_block_that_means_the_same_on_all_connections():
    load = requests(UNIQUE, PLAIN, encode=http2_block)
    kinds = {
        "/plain": [("x-user", "ann"), ("accept", "*/*")],
        "/unique": [("x-id", "<0a1b2c3d-{number:09}>"), ("x-user", "ann")],
    }
    for number in range(20):
        method, scheme, authority, path, *named = Decoder().decode(load.message(number))
        assert [method, scheme, authority] == [
            (":method", "GET"),
            (":scheme", "http"),
            (":authority", "example.org"),
        ]
        assert named == [(name, value.format(number=number)) for name, value in kinds[path[1]]]


def test_kinds_come_in_proportion_to_their_weights():
    weighed = requests(PLAIN, RequestKind(path="/rare", weight=1), RequestKind(path="/", weight=8))
    messages = [weighed.message(number) for number in range(50_000)]
    # The standard error of a share of 50,000 is at most 0.0022.
    assert sum(b"/rare" in message for message in messages) / 50_000 == pytest.approx(0.1, abs=0.01)


def test_a_seed_always_gives_the_same_order_of_kinds_and_another_gives_another():
    loads = [requests(PLAIN, UNIQUE, seed=seed) for seed in (3, 3, 4)]
    first, again, other = ([load.message(number) for number in range(100)] for load in loads)
    assert first == again
    assert first != other


def test_anybody_can_find_out_which_kind_a_request_is_of():
    load, drawn = requests(PLAIN, UNIQUE, seed=3), drawn_kinds([PLAIN, UNIQUE], seed=3)
    found = [b"/unique" in load.message(number) for number in range(2 * len(drawn))]
    assert found == [kind == 1 for kind in (*drawn, *drawn)]


def test_the_order_goes_on_for_as_long_as_there_are_requests():
    assert b"-001000000>" in requests(UNIQUE).message(1_000_000)


def test_head_is_refused_over_http_1():
    with pytest.raises(ValueError, match="HEAD"):
        requests(RequestKind(path="/", method="HEAD"))


def test_more_headers_than_a_frame_holds_are_refused():
    with pytest.raises(ValueError, match="more than a frame holds"):
        requests(RequestKind(path="/", headers=(("x-long", "a" * 20_000),)), encode=http2_block)
