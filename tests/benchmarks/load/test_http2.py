"""Loads by HTTP/2, against a strict server and a real Envoy."""

import pytest
from hdrh.histogram import HdrHistogram

from benchmarks.load import LoadPlan, requests_for, run_load, saturate
from benchmarks.scenario import FRESH, RequestKind
from mixer.envoy.bootstrap import bootstrap, http_listener
from mixer.envoy.process import EnvoyProcess
from tests.benchmarks.load.h2_server import h2_serving

KINDS = (
    RequestKind(path="/a", headers=(("X-User", "ann"),), weight=3),
    RequestKind(path="/b", headers=(("x-id", FRESH),), method="POST"),
)


def plan(address, **fields):
    defaults = {"connections": 1, "rate_per_s": 40.0, "duration_s": 0.5, "pacing": "constant"}
    defaults |= {"kinds": KINDS, "answer_timeout_s": 2.0}
    return LoadPlan(**{"address": address, "protocol": "http2", **defaults, **fields})


def ok(h2, stream, number):
    h2.send_headers(stream, [(":status", "200"), ("content-length", "5")])
    h2.send_data(stream, b"hello", end_stream=True)


def with_trailers(h2, stream, number):
    h2.send_headers(stream, [(":status", "103")])
    h2.send_headers(stream, [(":status", "403"), ("x-number", str(number))])
    h2.send_data(stream, b"no", pad_length=7)
    h2.send_headers(stream, [("x-trailer", "end")], end_stream=True)


def only_headers(h2, stream, number):
    h2.send_headers(stream, [(":status", "204")], end_stream=True)


def reset(h2, stream, number):
    h2.reset_stream(stream)


def close(h2, stream, number):
    h2.close_connection()


def ping_first(h2, stream, number):
    h2.ping(b"are-you?")
    ok(h2, stream, number)


def fail_on_third(wrong):
    return lambda h2, stream, number: (wrong if number == 2 else ok)(h2, stream, number)


@pytest.mark.parametrize(
    ("third", "wanted"),
    [
        (ok, {200: 20}),
        (with_trailers, {200: 19, 403: 1}),
        (only_headers, {200: 19, 204: 1}),
        (reset, {200: 19, "reset by the server": 1}),
        (close, {200: 19, "closed by the server": 1}),
    ],
)
def test_what_becomes_of_twenty_requests_when_the_third_is_answered_like_that(third, wanted):
    with h2_serving(fail_on_third(third)) as server:
        record = run_load(plan(server.address))
    assert {**record.by_status, **record.errors} == wanted
    assert record.planned_count == 20


def test_a_server_gets_the_requests_as_they_were_meant():
    with h2_serving(ok) as server:
        run_load(plan(server.address))
    users = [headers for headers in server.requests if (":path", "/a") in headers]
    assert all(
        headers
        == [
            (":method", "GET"),
            (":scheme", "http"),
            (":authority", "upstream"),
            (":path", "/a"),
            ("x-user", "ann"),
        ]
        for headers in users
    )
    fresh = [dict(headers)["x-id"] for headers in server.requests if headers not in users]
    assert len(set(fresh)) == len(fresh) == 20 - len(users) > 0


def test_pings_and_settings_are_acknowledged():
    with h2_serving(fail_on_third(ping_first)) as server:
        run_load(plan(server.address))
    assert sorted(server.acknowledged) == ["PingAckReceived", "SettingsAcknowledged"]


def test_requests_share_a_connection_while_answers_are_outstanding():
    held = []

    def at_last_all(h2, stream, number):
        held.append(stream)
        if number == 19:
            for held_stream in held:
                ok(h2, held_stream, number)

    with h2_serving(at_last_all) as server:
        record = run_load(plan(server.address))
    assert record.by_status == {200: 20}


def test_more_bodies_than_the_first_window_holds_come_whole():
    def large(h2, stream, number):
        h2.send_headers(stream, [(":status", "200")])
        for _ in range(20):
            h2.send_data(stream, b"x" * 16_000)
        h2.end_stream(stream)

    with h2_serving(large) as server:
        record = run_load(plan(server.address))
    assert record.by_status == {200: 20}


@pytest.fixture(scope="module")
def envoy():
    routes = [
        {"match": {"path": path}, "direct_response": {"status": status}}
        for path, status in (("/a", 200), ("/b", 403))
    ]
    with EnvoyProcess(bootstrap([http_listener([], routes)], [])) as process:
        yield process


@pytest.mark.envoy
@pytest.mark.parametrize("protocol", ["http1", "http2"])
def test_a_real_envoy_counts_what_the_load_counts(envoy, protocol):
    before = envoy.stats("http.http.downstream")
    record = run_load(
        plan(
            envoy.addresses["http"],
            protocol=protocol,
            kinds=requests_for(KINDS, 0.8),
            connections=5,
            rate_per_s=300.0,
            duration_s=1.0,
            pacing="poisson",
        )
    )
    counted = {
        name: count - before.get(f"http.http.downstream_{name}", 0)
        for name in ("cx_total", "cx_http1_total", "cx_http2_total", "rq_total", "rq_2xx", "rq_4xx")
        for count in [envoy.stats("http.http.downstream")[f"http.http.downstream_{name}"]]
    }
    is_http2 = protocol == "http2"
    assert record.errors == {}
    assert counted == {
        "cx_total": 5,
        "cx_http1_total": 0 if is_http2 else 5,
        "cx_http2_total": 5 if is_http2 else 0,
        "rq_total": record.planned_count,
        "rq_2xx": record.by_status[200],
        "rq_4xx": record.by_status[403],
    }
    assert record.by_status[403] / record.planned_count == pytest.approx(0.2, abs=0.1)


@pytest.mark.envoy
@pytest.mark.parametrize("protocol", ["http1", "http2"])
def test_saturation_of_a_real_envoy_loses_nothing(envoy, protocol):
    record = saturate(plan(envoy.addresses["http"], protocol=protocol, connections=8))
    assert record.errors == {}
    assert record.planned_count == record.sent_count == record.answered_count > 100


@pytest.mark.envoy
def test_more_than_a_generator_can_send_is_its_own_lag(envoy):
    # The 10,000th is due after 25 ms; as each takes at least 5 µs, it leaves after 50 ms or later.
    record = run_load(
        plan(envoy.addresses["http"], connections=64, rate_per_s=400_000.0, duration_s=0.05)
    )
    lag_ms = HdrHistogram.decode(record.send_lag_ns).get_value_at_percentile(50) / 1e6
    assert lag_ms > 20
    assert record.planned_count == 20_000
