"""Saturation: each connection always has one request on its way."""

from hdrh.histogram import HdrHistogram

from benchmarks.load import LoadPlan, saturate
from benchmarks.scenario import RequestKind
from tests.benchmarks.load.server import after, serving


def test_throughput_is_what_the_connections_allow():
    # Four connections with 20 ms for each answer: at most 200 per second.
    with serving(after(0.02)) as server:
        record = saturate(
            LoadPlan(
                address=server.address,
                kinds=(RequestKind(path="/"),),
                connections=4,
                duration_s=1.0,
                rate_per_s=5.0,
            )
        )
        assert server.connection_count == 4
    assert record.planned_count == record.sent_count == record.answered_count == len(server.heads)
    assert (record.by_status, record.errors) == ({200: record.planned_count}, {})
    assert 4 <= record.planned_count <= 204
    assert record.rate_per_s <= 200
    latency = HdrHistogram.decode(record.latency_ns)
    assert latency.get_min_value() >= 20e6
    assert HdrHistogram.decode(record.send_lag_ns).get_total_count() == 0


def test_a_failure_costs_one_request_and_the_load_goes_on():
    def answer(number, head):
        return b"" if number % 10 == 9 else after(0.01)(number, head)

    with serving(answer) as server:
        record = saturate(
            LoadPlan(
                address=server.address,
                kinds=(RequestKind(path="/"),),
                connections=2,
                duration_s=0.5,
            )
        )
    count = len(server.heads)
    assert record.errors == {"closed by the server": count // 10}
    assert record.by_status == {200: count - count // 10}
