"""Which datagrams a statsd server gets from instances."""

import socket
from contextlib import contextmanager

import pytest
from prometheus_client import REGISTRY

from adapters.statsd import INFO
from adapters.statsd.handler import StatsdHandler
from adapters.statsd.params import Kind, MetricInfo, Params
from mixer.adapter import Duration, Env, InstanceType, ValueType
from mixer.adapter.testing import BackendBattery, FakeClock, ParamsRefusedError, start
from mixer.adapter.testing.clock import FakeScheduler
from mixer.template.metric import Instance
from tests.adapters.otlp_receiver import eventually
from tests.patience import SOON_S

REQUESTS = "requests.instance.istio-system"
LATENCY = "latency.instance.istio-system"
LOAD = "load.instance.istio-system"
SOON = Duration.parse("20ms")
NEVER = Duration.parse("1h")


def instance_type(value):
    dimensions = {"method": ValueType.STRING, "code": ValueType.INT64}
    return InstanceType(template="metric", fields={"value": value, "dimensions": dimensions})


INSTANCES = {
    REQUESTS: instance_type(ValueType.INT64),
    LATENCY: instance_type(ValueType.DURATION),
    LOAD: instance_type(ValueType.DOUBLE),
}
METRICS = {
    REQUESTS: MetricInfo(type=Kind.COUNTER, name_template="requests.{{.method}}.{{ .code }}"),
    LATENCY: MetricInfo(type=Kind.DISTRIBUTION, name_template="latency"),
    LOAD: MetricInfo(type=Kind.GAUGE),
}


def sample(name, value, method="GET", code=200):
    return Instance(name=name, value=value, dimensions={"method": method, "code": code})


@pytest.fixture
def listener():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as made:
        made.bind(("127.0.0.1", 0))
        made.settimeout(SOON_S)
        yield made


def address_of(listener):
    return "{}:{}".format(*listener.getsockname())


@contextmanager
def serve(listener, **more):
    params = Params(**{"address": address_of(listener), "metrics": METRICS, **more})
    with start(INFO, params, instances=INSTANCES) as handler:
        yield handler


def received(listener):
    return listener.recv(65536).decode().split("\n")


def dropped():
    labels = {"handler": "statsd.test"}
    return REGISTRY.get_sample_value("mixer_adapter_statsd_dropped_total", labels) or 0


def test_each_kind_has_its_line_and_lines_share_a_datagram(listener):
    with serve(listener, flush_duration=SOON, prefix="mesh.") as handler:
        handler.handle_metric(
            [
                sample(REQUESTS, 3),
                sample(LATENCY, Duration.parse("12.5ms")),
                sample(LOAD, 0.25),
                sample(LOAD, -2.0),
            ]
        )
        assert received(listener) == [
            "mesh.requests.GET.200:3|c",
            "mesh.latency:12.5|ms",
            f"mesh.{LOAD}:0.25|g",
            f"mesh.{LOAD}:0|g",  # or the sign would mean a difference
            f"mesh.{LOAD}:-2|g",
        ]


def test_dimensions_are_tags_for_a_server_that_knows_them(listener):
    sizes = {REQUESTS: MetricInfo(type=Kind.DISTRIBUTION, name_template="size")}
    more = {"dimensions_as_tags": True, "metrics": {**METRICS, **sizes}}
    with serve(listener, flush_duration=SOON, **more) as handler:
        handler.handle_metric([sample(REQUESTS, 3), sample(LATENCY, Duration.parse("1s"))])
        handler.handle_metric([sample(LOAD, -2.0, "a,b|c d")])
    assert received(listener) == [
        "size:3|h|#code:200,method:GET",
        "latency:1000|ms|#code:200,method:GET",
        f"{LOAD}:-2|g|#code:200,method:a_b_c_d",
    ]


def test_what_a_server_would_misread_in_a_name_is_replaced(listener):
    with serve(listener) as handler:
        handler.handle_metric([sample(REQUESTS, 1, "a:b|c\nd@e#f")])
    assert received(listener) == ["requests.a_b_c_d_e_f.200:1|c"]


def test_a_datagram_goes_when_it_is_full_and_does_not_exceed_its_size(listener):
    with serve(listener, flush_duration=NEVER, flush_bytes=43) as handler:
        handler.handle_metric([sample(REQUESTS, 1), sample(REQUESTS, 2), sample(REQUESTS, 3)])
        line = "requests.GET.200:{}|c"  # 21 bytes: two and a line end are 43
        assert received(listener) == [line.format(1), line.format(2)]
        assert received(listener) == [line.format(3)]


def test_only_the_sampled_share_is_sent_and_the_server_is_told(listener):
    clock = FakeClock()
    env = Env(
        handler="statsd.test",
        scheduler=FakeScheduler(clock),
        instances=INSTANCES,
        clock=clock.clock,
    )
    params = Params(address=address_of(listener), metrics=METRICS, sampling_rate=0.25)
    chances = iter([0.2, 0.25, 0.9, 0.1])
    handler = StatsdHandler(params, env, lambda: next(chances))
    handler.handle_metric([sample(REQUESTS, number) for number in range(3)])
    handler.handle_metric([sample(LATENCY, Duration.parse("1ms")), sample(LOAD, 1.5)])
    handler.close()
    assert received(listener) == [
        "requests.GET.200:0|c|@0.25",
        "latency:1|ms|@0.25",
        f"{LOAD}:1.5|g",
    ]


def test_a_value_that_is_no_number_is_named_and_the_others_are_sent(listener):
    with serve(listener) as handler, pytest.raises(ValueError) as raised:
        handler.handle_metric([sample(LOAD, float("nan")), sample(REQUESTS, 1)])
    assert str(raised.value) == f"1 of 2 samples refused: {LOAD}: nan is no number"
    assert received(listener) == ["requests.GET.200:1|c"]


def test_series_beyond_the_limit_are_dropped_until_others_have_expired(listener):
    clock = FakeClock()
    params = Params(
        address=address_of(listener), metrics=METRICS, max_series=1, expiry=Duration.parse("1m")
    )
    with start(INFO, params, instances=INSTANCES, clock=clock) as handler:
        handler.handle_metric([sample(REQUESTS, 1), sample(REQUESTS, 2, "PUT")])
        # The name of the other metric has no dimension, so all its samples are of one series.
        handler.handle_metric([sample(LATENCY, Duration(0)), sample(LATENCY, Duration(0), "PUT")])
        clock.advance(90)
        handler.handle_metric([sample(REQUESTS, 3, "PUT"), sample(REQUESTS, 4)])
    assert received(listener) == [
        "requests.GET.200:1|c",
        "latency:0|ms",
        "latency:0|ms",
        "requests.PUT.200:3|c",
    ]
    labels = {"handler": "statsd.test", "metric": REQUESTS}
    assert REGISTRY.get_sample_value("mixer_adapter_dropped_samples_total", labels) == 2


def test_while_nobody_listens_lines_wait_and_what_has_no_room_is_counted():
    before = dropped()
    params = Params(
        # No such host: nothing can be sent, and that is known at once.
        address="256.256.256.256:8125",
        metrics=METRICS,
        flush_duration=SOON,
        queue_size=10,
    )
    with start(INFO, params, instances=INSTANCES) as handler:
        for _ in range(25):
            handler.handle_metric([sample(REQUESTS, 1)])
        assert dropped() - before == 15
    assert dropped() - before == 25


def test_a_refused_datagram_is_counted_and_later_ones_arrive_when_the_server_is_back(listener):
    before = dropped()
    address = listener.getsockname()
    with serve(listener, flush_bytes=1) as handler:

        def is_refused():
            handler.handle_metric([sample(REQUESTS, 2)])
            return dropped() > before

        listener.close()
        handler.handle_metric([sample(REQUESTS, 1)])
        eventually(is_refused)  # the next one is told that the last one was
        assert dropped() - before == 1
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as back:
            back.bind(address)
            back.settimeout(SOON_S)
            assert received(back) == ["requests.GET.200:2|c"]


@pytest.mark.parametrize(
    ("params", "message"),
    [
        (Params(address="localhost"), "address: not host:port: 'localhost'"),
        (Params(flush_bytes=0), "flush_bytes: must be from 1 to 65507"),
        (Params(flush_duration=Duration(0)), "flush_duration: must be more than 0"),
        (Params(sampling_rate=0), "sampling_rate: must be more than 0 and at most 1"),
        (
            Params(metrics={"x": MetricInfo()}),
            "metrics[x].type: must be COUNTER, GAUGE or DISTRIBUTION",
        ),
        (
            Params(metrics={"x": MetricInfo(type=Kind.GAUGE, name_template="{{if .a}}")}),
            "metrics[x].name_template: only {{.dimension}} may stand in braces: '{{if .a}}'",
        ),
    ],
)
def test_wrong_params_are_named(params, message):
    with pytest.raises(ParamsRefusedError) as raised, start(INFO, params):
        pass
    assert str(raised.value) == f"adapter 'statsd' refuses its params:\n  {message}"


@pytest.mark.parametrize(
    ("info", "message"),
    [
        (
            MetricInfo(type=Kind.COUNTER, name_template="{{.user}}"),
            f"metrics[{LATENCY}].name_template: no such dimension: user\n"
            f"  metrics[{LATENCY}]: its value must be INT64 or DOUBLE",
        ),
        (None, f"metrics: no metric for instance {LATENCY}"),
    ],
)
def test_what_does_not_fit_the_instance_is_named(info, message):
    params = Params(metrics={LATENCY: info} if info else {})
    with (
        pytest.raises(ParamsRefusedError) as raised,
        start(INFO, params, instances={LATENCY: INSTANCES[LATENCY]}),
    ):
        pass
    assert str(raised.value) == f"adapter 'statsd' refuses its params:\n  {message}"


class TestStatsd(BackendBattery):
    info = INFO
    instances = INSTANCES
    answers_without = True
    bad_params = (
        Params(address=""),
        Params(sampling_rate=1.5),
        Params(queue_size=0),
        Params(max_series=0),
    )

    @contextmanager
    def backend(self):
        # Datagrams find their own way; what is cut and stalled is a stream that nobody uses.
        with socket.create_server(("127.0.0.1", 0)) as made:
            yield address_of(made)

    def params_for(self, address):
        return Params(address=address, metrics=METRICS, queue_size=512)

    def ask(self, handler):
        handler.handle_metric([sample(REQUESTS, 1), sample(LATENCY, Duration.parse("1ms"))])
