"""What a receiver of OpenTelemetry's protocol gets from instances."""

from contextlib import contextmanager
from dataclasses import replace

import pytest
from opentelemetry.proto.metrics.v1 import metrics_pb2
from opentelemetry.proto.trace.v1 import trace_pb2
from prometheus_client import REGISTRY

from adapters.otlp import INFO
from adapters.otlp.params import MetricInfo, Params, Protocol, Tls
from adapters.prometheus.params import BucketsDefinition, ExplicitBuckets, Kind
from mixer.adapter import Duration, InstanceType, Timestamp, ValueType
from mixer.adapter.testing import BackendBattery, FakeClock, Link, start
from mixer.template import logentry, metric, tracespan
from tests.adapters.otlp_receiver import attributes, eventually, grpc_receiver, http_receiver
from tests.certificates import certify

REQUESTS = "requests.instance.istio-system"
LATENCY = "latency.instance.istio-system"
SIZE = "size.instance.istio-system"
START_NS = 1_559_383_200_000_000_000  # of FakeClock
SHORT = Duration.parse("20ms")


def metric_type(value):
    dimensions = {"method": ValueType.STRING, "code": ValueType.INT64}
    return InstanceType(template="metric", fields={"value": value, "dimensions": dimensions})


INSTANCES = {
    REQUESTS: metric_type(ValueType.INT64),
    LATENCY: metric_type(ValueType.DURATION),
    SIZE: metric_type(ValueType.DOUBLE),
}
METRICS = (
    MetricInfo(instance_name=REQUESTS, name="requests", unit="1", kind=Kind.COUNTER),
    MetricInfo(
        instance_name=LATENCY,
        name="latency",
        description="How long it took",
        unit="s",
        kind=Kind.DISTRIBUTION,
        buckets=BucketsDefinition(explicit_buckets=ExplicitBuckets(bounds=(0.01, 0.1))),
    ),
    MetricInfo(instance_name=SIZE, kind=Kind.GAUGE),
)


def params_of(address, protocol=Protocol.GRPC, **more):
    return Params(
        endpoint=f"http://{address}",
        protocol=protocol,
        metrics=METRICS,
        **{"batch_interval": SHORT, **more},
    )


@pytest.fixture(params=list(Protocol), ids=lambda protocol: protocol.name)
def served(request):
    """Starts handlers that talk to a receiver, by each protocol."""
    receiving = grpc_receiver if request.param is Protocol.GRPC else http_receiver
    with receiving() as receiver:

        @contextmanager
        def serve(clock=None, address=receiver.address, **more):
            params = params_of(address, request.param, **more)
            with start(INFO, params, instances=INSTANCES, clock=clock) as handler:
                yield handler

        yield receiver, serve


def sample(name, value, method="GET", code=200):
    return metric.Instance(name=name, value=value, dimensions={"method": method, "code": code})


def test_metrics_arrive_at_each_interval_with_all_that_came_since_the_start(served):
    receiver, serve = served
    clock = FakeClock()
    with serve(clock) as handler:
        handler.handle_metric([sample(REQUESTS, 2), sample(LATENCY, Duration.parse("50ms"))])
        clock.advance(5)
        handler.handle_metric([sample(REQUESTS, 3), sample(REQUESTS, 1, "PUT", 404)])
        handler.handle_metric([sample(LATENCY, Duration.parse("1s")), sample(SIZE, 7.5)])
        assert receiver.metrics() == {}
        clock.advance(10)
        found = eventually(receiver.metrics)
    now_ns = START_NS + 15 * 10**9
    get = [
        {"key": "method", "value": {"string_value": "GET"}},
        {"key": "code", "value": {"int_value": 200}},
    ]
    put = [
        {"key": "method", "value": {"string_value": "PUT"}},
        {"key": "code", "value": {"int_value": 404}},
    ]
    cumulative = metrics_pb2.AGGREGATION_TEMPORALITY_CUMULATIVE
    late_ns = START_NS + 5 * 10**9
    points = [
        {
            "attributes": get,
            "start_time_unix_nano": START_NS,
            "time_unix_nano": now_ns,
            "as_int": 5,
        },
        {"attributes": put, "start_time_unix_nano": late_ns, "time_unix_nano": now_ns, "as_int": 1},
    ]
    assert found == {
        "requests": metrics_pb2.Metric(
            name="requests",
            unit="1",
            sum={
                "data_points": points,
                "aggregation_temporality": cumulative,
                "is_monotonic": True,
            },
        ),
        "latency": metrics_pb2.Metric(
            name="latency",
            description="How long it took",
            unit="s",
            histogram={
                "data_points": [
                    {
                        "attributes": get,
                        "start_time_unix_nano": START_NS,
                        "time_unix_nano": now_ns,
                        "count": 2,
                        "sum": 1.05,
                        "bucket_counts": [0, 1, 1],
                        "explicit_bounds": [0.01, 0.1],
                    }
                ],
                "aggregation_temporality": cumulative,
            },
        ),
        SIZE: metrics_pb2.Metric(
            name=SIZE,
            gauge={
                "data_points": [{"attributes": get, "time_unix_nano": now_ns, "as_double": 7.5}]
            },
        ),
    }


def test_what_was_recorded_last_is_sent_when_the_handler_closes(served):
    receiver, serve = served
    with serve(batch_interval=Duration.parse("1h")) as handler:
        handler.handle_metric([sample(REQUESTS, 2)])
        handler.handle_logentry([logentry.Instance(name="log")])
        handler.handle_tracespan([SPAN])
    assert receiver.metrics()["requests"].sum.data_points[0].as_int == 2
    assert len(receiver.logs()) == len(receiver.spans()) == 1


def test_samples_that_are_no_numbers_are_named_and_the_others_are_recorded(served):
    receiver, serve = served
    with serve() as handler, pytest.raises(ValueError) as raised:
        handler.handle_metric([sample(REQUESTS, -1), sample(SIZE, "much"), sample(SIZE, 1.5)])
    assert str(raised.value) == (
        f"2 of 3 samples refused: {REQUESTS}: a counter cannot take -1; {SIZE}: 'much' is no number"
    )
    assert list(receiver.metrics()) == [SIZE]


def test_series_beyond_the_limit_are_dropped_until_others_have_expired():
    clock = FakeClock()
    with grpc_receiver() as receiver:
        params = params_of(receiver.address, max_series=1, expiry=Duration.parse("1m"))
        with start(INFO, params, instances=INSTANCES, clock=clock) as handler:
            handler.handle_metric([sample(REQUESTS, 1), sample(REQUESTS, 1, "PUT")])
            clock.advance(75)
            handler.handle_metric([sample(REQUESTS, 4, "PUT")])
        [point] = receiver.metrics()["requests"].sum.data_points
    assert (attributes(point)["method"], point.as_int) == ("PUT", 4)
    assert point.start_time_unix_nano == START_NS + 75 * 10**9
    labels = {"handler": "otlp.test", "metric": "requests"}
    assert REGISTRY.get_sample_value("mixer_adapter_dropped_samples_total", labels) == 1


def test_a_log_entry_becomes_a_record_with_its_severity_and_variables(served):
    receiver, serve = served
    variables = {
        "message": "GET /",
        "code": 200,
        "took": Duration.parse("1.5ms"),
        "from": b"\x0a\x00\x00\x01",
        "ok": True,
    }
    entry = logentry.Instance(
        name="access.instance.istio-system",
        variables=variables,
        severity="warning",
        timestamp=Timestamp.parse("2019-06-01T09:59:59.5Z"),
    )
    with serve() as handler:
        handler.handle_logentry([entry, logentry.Instance(name="plain.instance.istio-system")])
        [record, plain] = eventually(receiver.logs)
    assert attributes(record) == {"code": 200, "took": "1.5ms", "from": "10.0.0.1", "ok": True}
    assert (record.severity_text, record.severity_number) == ("warning", 13)
    assert record.body.string_value == "GET /"
    assert record.event_name == "access.instance.istio-system"
    assert (record.time_unix_nano, record.observed_time_unix_nano) == (
        START_NS - 500_000_000,
        START_NS,
    )
    assert (plain.time_unix_nano, plain.severity_number, plain.trace_id) == (0, 0, b"")


SPAN = tracespan.Instance(
    name="span.instance.istio-system",
    trace_id="463ac35c9f6413ad48485a3953bb6124",
    span_id="a2fb4a1d1a96d312",
    parent_span_id="0020000000000001",
    span_name="GET /reviews",
    start_time=Timestamp(START_NS - 2_000_000),
    end_time=Timestamp(START_NS - 1_000_000),
    span_tags={"http.method": "GET", "took": Duration.parse("1ms")},
    http_status_code=404,
    source_name="productpage",
    source_ip=b"\x0a\x00\x00\x01",
    destination_name="reviews",
    request_size=12,
)


def test_a_trace_span_becomes_a_span_with_the_ids_of_the_proxy(served):
    receiver, serve = served
    with serve() as handler:
        handler.handle_tracespan([SPAN])
        [(service, span)] = eventually(receiver.spans)
    assert service == "reviews"
    assert attributes(span) == {
        "http.method": "GET",
        "took": "1ms",
        "http.response.status_code": 404,
        "http.request.body.size": 12,
        "client.address": "10.0.0.1",
    }
    del span.attributes[:]
    assert span == trace_pb2.Span(
        trace_id=bytes.fromhex("463ac35c9f6413ad48485a3953bb6124"),
        span_id=bytes.fromhex("a2fb4a1d1a96d312"),
        parent_span_id=bytes.fromhex("0020000000000001"),
        name="GET /reviews",
        kind=trace_pb2.Span.SPAN_KIND_SERVER,
        start_time_unix_nano=START_NS - 2_000_000,
        end_time_unix_nano=START_NS - 1_000_000,
        status=trace_pb2.Status(),
        flags=0x300,  # the parent is known to be remote
    )


def test_client_and_server_that_share_an_id_are_told_apart(served):
    receiver, serve = served
    shared = SPAN._replace(rewrite_client_span_id=True, parent_span_id="a2fb4a1d1a96d312")
    with serve() as handler:
        handler.handle_tracespan([shared._replace(client_span=True), shared])
        [(client_service, client), (server_service, server)] = eventually(
            lambda: len(receiver.spans()) == 2 and receiver.spans()
        )
    assert (client_service, server_service) == ("productpage", "reviews")
    assert client.kind == trace_pb2.Span.SPAN_KIND_CLIENT
    assert client.status.code == trace_pb2.Status.STATUS_CODE_ERROR  # 404 is the client's fault
    assert client.span_id.hex() == "9d9164ded28611b9"  # a2fb4a1d1a96d312 ^ 3f6a2ec3c810c2ab
    assert server.span_id.hex() == "a2fb4a1d1a96d312"
    assert server.parent_span_id == client.span_id


def test_spans_without_ids_are_counted_and_others_are_sent():
    with grpc_receiver() as receiver:
        with start(INFO, params_of(receiver.address), instances=INSTANCES) as handler:
            before = counted("invalid_spans_total", handler="otlp.test")
            bad = (
                SPAN._replace(trace_id=""),
                SPAN._replace(trace_id="0" * 32),
                SPAN._replace(span_id="xyz"),
                SPAN._replace(parent_span_id="12"),
            )
            handler.handle_tracespan([*bad, SPAN._replace(parent_span_id="")])
        [(_, span)] = receiver.spans()
    assert span.parent_span_id == b""
    assert counted("invalid_spans_total", handler="otlp.test") - before == 4


def test_the_id_of_a_trace_decides_whether_it_is_sampled():
    low, high = "0" * 31 + "1", "1" + "0" * 15 + "f" * 16
    with grpc_receiver() as receiver:
        params = params_of(receiver.address, sample_probability=0.5)
        with start(INFO, params, instances=INSTANCES) as handler:
            handler.handle_tracespan([SPAN._replace(trace_id=one) for one in (low, high)])
        assert [span.trace_id.hex() for _, span in receiver.spans()] == [low]


def test_headers_and_resource_go_with_every_request(served):
    receiver, serve = served
    more = {"headers": {"authorization": "Bearer x"}, "resource": {"service.name": "mesh"}}
    with serve(**more) as handler:
        handler.handle_tracespan([SPAN._replace(destination_name="")])
        handler.handle_logentry([logentry.Instance(name="log")])
        handler.handle_metric([sample(REQUESTS, 1)])
    assert receiver.spans()[0][0] == "mesh"
    assert [one["authorization"] for one in receiver.metadata] == ["Bearer x"] * 3


@pytest.mark.parametrize("protocol", list(Protocol))
def test_both_sides_can_show_certificates(tmp_path, protocol):
    certificate, key = certify(tmp_path, "localhost")
    receiving = grpc_receiver if protocol is Protocol.GRPC else http_receiver
    tls = Tls(ca=str(certificate), client_certificate=str(certificate), client_key=str(key))
    with receiving((certificate, key)) as receiver:
        params = Params(endpoint=f"https://{receiver.address}", protocol=protocol, tls=tls)
        with start(INFO, params) as handler:
            handler.handle_tracespan([SPAN])
        assert len(receiver.spans()) == 1


@pytest.mark.parametrize("protocol", list(Protocol))
def test_a_file_that_is_missing_is_named_when_the_handler_is_built(tmp_path, protocol):
    tls = Tls(ca=str(tmp_path / "none.crt"))
    params = Params(endpoint="https://localhost:1", protocol=protocol, tls=tls)
    with pytest.raises(FileNotFoundError, match="none.crt"), start(INFO, params):
        pass


def counted(name, **labels):
    return REGISTRY.get_sample_value(f"mixer_adapter_otlp_{name}", labels) or 0


def test_after_an_outage_what_had_room_arrives_and_the_rest_has_been_counted(served):
    receiver, serve = served
    labels = {"handler": "otlp.test", "signal": "logs"}
    before = counted("dropped_total", **labels)
    with Link(receiver.address) as link:
        link.cut()
        bounds = {"timeout": Duration.parse("500ms"), "batch_size": 4, "queue_size": 10}
        with serve(address=link.address, **bounds) as handler:
            for number in range(25):
                entry = logentry.Instance(name="log", variables={"number": number})
                handler.handle_logentry([entry])
            assert counted("dropped_total", **labels) - before == 15
            link.mend()
            records = eventually(lambda: len(receiver.logs()) == 10 and receiver.logs())
    assert [attributes(record)["number"] for record in records] == list(range(10))
    assert counted("dropped_total", **labels) - before == 15


def test_what_waits_when_the_handler_closes_without_a_receiver_is_counted():
    labels = {"handler": "otlp.test", "signal": "traces"}
    before = counted("dropped_total", **labels)
    params = params_of("127.0.0.1:9", timeout=Duration.parse("100ms"))
    with start(INFO, params, instances=INSTANCES) as handler:
        handler.handle_tracespan([SPAN] * 7)
    assert counted("dropped_total", **labels) - before == 7


class TestOtlp(BackendBattery):
    info = INFO
    instances = INSTANCES
    answers_without = True
    bad_params = (
        Params(endpoint=""),
        Params(batch_size=0),
        Params(expiry=Duration(-1)),
        Params(tls=Tls(client_certificate="x"), endpoint="https://receiver:4317"),
    )

    @contextmanager
    def backend(self):
        with grpc_receiver() as receiver:
            receiver.keeps = False  # or memory would grow
            yield receiver.address

    def params_for(self, address):
        # Few may wait, or what waits would look like a leak.
        return params_of(address, timeout=Duration.parse("1s"), batch_size=16, queue_size=32)

    def ask(self, handler):
        handler.handle_metric([sample(REQUESTS, 1)])
        handler.handle_logentry([logentry.Instance(name="log", variables={"code": 200})])
        handler.handle_tracespan([SPAN])


class TestOtlpOverHttp(TestOtlp):
    @contextmanager
    def backend(self):
        with http_receiver() as receiver:
            receiver.keeps = False
            yield receiver.address

    def params_for(self, address):
        return replace(super().params_for(address), protocol=Protocol.HTTP)
