"""What is seen on the page after samples have been recorded: scraped over HTTP on loopback."""

import math
import re
import urllib.error
import urllib.request
from contextlib import ExitStack
from dataclasses import replace

import pytest

from adapters.prometheus import INFO
from adapters.prometheus.params import (
    BucketsDefinition,
    ExplicitBuckets,
    ExponentialBuckets,
    Kind,
    LinearBuckets,
    MetricInfo,
    MetricsExpirationPolicy,
    Params,
)
from mixer.adapter import Duration, InstanceType, Timestamp, ValueType
from mixer.adapter.testing import FakeClock, start
from mixer.template.metric import Instance
from tests.patience import SOON_S

LOOPBACK = "127.0.0.1:0"
REQUESTS = "requestcount.instance.istio-system"
LATENCY = "requestduration.instance.istio-system"


def fetch(handler, path="/metrics", **headers):
    request = urllib.request.Request(f"http://127.0.0.1:{handler.port}{path}", headers=headers)
    with urllib.request.urlopen(request, timeout=SOON_S) as response:
        return response.read().decode()


def samples(handler):
    """The page without comments and without the adapter's own counter."""
    lines = [line for line in fetch(handler).splitlines() if not line.startswith("#")]
    return [line for line in lines if not line.startswith("mixer_")]


def instance_type(value=ValueType.INT64, **dimensions):
    return InstanceType(template="metric", fields={"value": value, "dimensions": dimensions})


def one_metric(kind=Kind.COUNTER, name="requests_total", **more):
    """A metric `istio_requests_total` with the label `code`, its instance and a way to sample it."""
    info = MetricInfo(name=name, instance_name=REQUESTS, kind=kind, label_names=("code",), **more)
    return Params(metrics=(info,), listen_address=LOOPBACK)


ONE_TYPE = {REQUESTS: instance_type(code=ValueType.INT64)}


def sample(value, code=200):
    return Instance(name=REQUESTS, value=value, dimensions={"code": code})


DESTINATION = 'destination="ratings.default.svc.cluster.local"'
SOURCE = 'source="reviews-v2-5d6"'


def test_the_metrics_of_the_recorded_conversation_look_as_recorded():
    params = Params(
        listen_address=LOOPBACK,
        metrics=(
            MetricInfo(
                name="requests_total",
                instance_name=REQUESTS,
                kind=Kind.COUNTER,
                label_names=("source", "destination", "response_code"),
            ),
            MetricInfo(
                name="request_duration_seconds",
                instance_name=LATENCY,
                kind=Kind.DISTRIBUTION,
                label_names=("source", "destination"),
                buckets=BucketsDefinition(
                    explicit_buckets=ExplicitBuckets(bounds=(0.005, 0.05, 0.5))
                ),
            ),
        ),
    )
    ends = {"source": ValueType.STRING, "destination": ValueType.STRING}
    types = {
        REQUESTS: instance_type(**ends, response_code=ValueType.INT64),
        LATENCY: instance_type(ValueType.DURATION, **ends),
    }
    between = {"source": "reviews-v2-5d6", "destination": "ratings.default.svc.cluster.local"}
    with start(INFO, params, instances=types) as handler:
        handler.handle_metric(
            [
                Instance(name=REQUESTS, value=1, dimensions={**between, "response_code": 200}),
                Instance(name=LATENCY, value=Duration(12_300_000), dimensions=between),
            ]
        )
        page = samples(handler)
    assert page == [
        f'istio_requests_total{{{DESTINATION},response_code="200",{SOURCE}}} 1.0',
        f'istio_request_duration_seconds_bucket{{{DESTINATION},le="0.005",{SOURCE}}} 0.0',
        f'istio_request_duration_seconds_bucket{{{DESTINATION},le="0.05",{SOURCE}}} 1.0',
        f'istio_request_duration_seconds_bucket{{{DESTINATION},le="0.5",{SOURCE}}} 1.0',
        f'istio_request_duration_seconds_bucket{{{DESTINATION},le="+Inf",{SOURCE}}} 1.0',
        f"istio_request_duration_seconds_count{{{DESTINATION},{SOURCE}}} 1.0",
        f"istio_request_duration_seconds_sum{{{DESTINATION},{SOURCE}}} 0.0123",
    ]


@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [
        # Samples 5, 2 and 2.5: added up, or only the last.
        (Kind.COUNTER, "requests_total", ['istio_requests_total{code="200"} 9.5']),
        (Kind.GAUGE, "in_flight", ['istio_in_flight{code="200"} 2.5']),
    ],
)
def test_a_counter_adds_and_a_gauge_replaces(kind, name, expected):
    with start(INFO, one_metric(kind, name), instances=ONE_TYPE) as handler:
        handler.handle_metric([sample(5), sample(2)])
        handler.handle_metric([sample(2.5)])
        assert samples(handler) == expected


@pytest.mark.parametrize(
    ("buckets", "expected"),
    [
        # offset + width * i, i = 0..2
        (
            BucketsDefinition(
                linear_buckets=LinearBuckets(num_finite_buckets=2, width=2, offset=1)
            ),
            {"1.0": 1, "3.0": 2, "5.0": 2, "+Inf": 3},
        ),
        # scale * growth ** i, i = 0..2
        (
            BucketsDefinition(
                exponential_buckets=ExponentialBuckets(
                    num_finite_buckets=2, growth_factor=10, scale=0.5
                )
            ),
            {"0.5": 0, "5.0": 2, "50.0": 3, "+Inf": 3},
        ),
        (
            BucketsDefinition(explicit_buckets=ExplicitBuckets(bounds=(2, 7))),
            {"2.0": 1, "7.0": 3, "+Inf": 3},
        ),
        # without a definition, those of the Prometheus clients
        (
            None,
            dict.fromkeys(("0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5"), 0)
            | {"1.0": 1, "2.5": 1, "5.0": 2, "10.0": 3, "+Inf": 3},
        ),
    ],
)
def test_a_sample_is_counted_in_every_bucket_whose_bound_it_does_not_exceed(buckets, expected):
    params = one_metric(Kind.DISTRIBUTION, "size", buckets=buckets)
    with start(INFO, params, instances=ONE_TYPE) as handler:
        handler.handle_metric([sample(1), sample(3), sample(7)])
        page = samples(handler)
    found = [re.match(r'istio_size_bucket\{code="200",le="(.+)"\} (.+)', line) for line in page]
    assert {match[1]: float(match[2]) for match in found if match} == expected
    assert page[-2:] == ['istio_size_count{code="200"} 3.0', 'istio_size_sum{code="200"} 11.0']


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (7, "7.0"),
        (0.25, "0.25"),
        (Duration(1_500_000_000), "1.5"),  # seconds
        ("12.5", "12.5"),
    ],
)
def test_numbers_durations_and_numeric_strings_are_samples(value, text):
    with start(INFO, one_metric(Kind.GAUGE, "g"), instances=ONE_TYPE) as handler:
        handler.handle_metric([sample(value)])
        assert samples(handler) == [f'istio_g{{code="200"}} {text}']


def test_a_value_that_is_no_number_fails_its_own_sample_only():
    with start(INFO, one_metric(), instances=ONE_TYPE) as handler:
        bad = ["much", True, None, b"\n\n\n\n", Timestamp(5), -1, math.nan]
        with pytest.raises(ValueError) as failure:
            handler.handle_metric([sample(1), *map(sample, bad), sample(2)])
        assert samples(handler) == ['istio_requests_total{code="200"} 3.0']
    assert str(failure.value) == (
        "7 of 9 samples refused: "
        f"{REQUESTS}: 'much' is no number; {REQUESTS}: True is no number; "
        f"{REQUESTS}: None is no number; {REQUESTS}: b'\\n\\n\\n\\n' is no number; "
        f"{REQUESTS}: Timestamp(1970-01-01T00:00:00.000000Z) is no number; ..."
    )


def test_an_instance_without_a_metric_fails_its_own_sample_only():
    with start(INFO, one_metric(), instances=ONE_TYPE) as handler:
        stray = Instance(name="stray", value=1, dimensions={"code": 200})
        with pytest.raises(ValueError, match="stray: no metric for this instance"):
            handler.handle_metric([stray, sample(4)])
        assert samples(handler) == ['istio_requests_total{code="200"} 4.0']


@pytest.mark.parametrize(
    ("value_type", "value", "text"),
    [
        (ValueType.STRING, 'a "b"\\\n', r"a \"b\"\\\n"),
        (ValueType.INT64, -3, "-3"),
        (ValueType.DOUBLE, 1.0, "1"),
        (ValueType.BOOL, True, "true"),
        (ValueType.IP_ADDRESS, bytes([10, 44, 2, 9]), "10.44.2.9"),
        (ValueType.DURATION, Duration(12_300_000), "12.3ms"),
        (ValueType.TIMESTAMP, Timestamp(0), "1970-01-01T00:00:00.000000Z"),
        (ValueType.STRING_MAP, {"b": "2", "a": "1"}, "stringmap[a:1 b:2]"),
    ],
)
def test_labels_hold_the_text_of_any_value(value_type, value, text):
    types = {REQUESTS: instance_type(code=value_type)}
    with start(INFO, one_metric(), instances=types) as handler:
        handler.handle_metric([sample(1, code=value), sample(1, code=value)])
        assert samples(handler) == [f'istio_requests_total{{code="{text}"}} 2.0']


def test_names_are_sanitised_in_the_metric_in_its_labels_and_when_observed():
    info = MetricInfo(
        namespace="my.team",
        name="/my/reqs.total-x",
        instance_name=REQUESTS,
        kind=Kind.GAUGE,
        label_names=("response code", "source.ip", "z-one"),
    )
    dimensions = {"z-one": "c", "source.ip": "b", "response code": "a"}
    types = {REQUESTS: instance_type(**dict.fromkeys(dimensions, ValueType.STRING))}
    params = Params(metrics=(info,), listen_address=LOOPBACK)
    with start(INFO, params, instances=types) as handler:
        handler.handle_metric([Instance(name=REQUESTS, value=1, dimensions=dimensions)])
        assert samples(handler) == [
            'my_team_my_reqs_totalx{response_code="a",source_ip="b",zone="c"} 1.0'
        ]


def test_a_metric_may_have_no_labels_no_namespace_and_no_name():
    name = f"g.{REQUESTS}"
    info = MetricInfo(namespace="", instance_name=name, kind=Kind.GAUGE)
    params = Params(metrics=(info,), listen_address=LOOPBACK)
    with start(INFO, params, instances={name: instance_type()}) as handler:
        handler.handle_metric([Instance(name=name, value=3)])
        assert samples(handler) == ["g_requestcount_instance_istiosystem 3.0"]


@pytest.mark.parametrize(
    ("name", "more", "expected"),
    [
        (
            "x_total",
            {"description": "Requests."},
            ["istio_x_total Requests.", "istio_x_total counter"],
        ),
        # the help is the name as it is written; a counter without _total has no type for the client
        ("x-y", {}, ["istio_xy x-y", "istio_xy untyped"]),
    ],
)
def test_help_and_type_are_shown(name, more, expected):
    with start(INFO, one_metric(name=name, **more), instances=ONE_TYPE) as handler:
        comments = [line for line in fetch(handler).splitlines() if line.startswith("#")]
    assert comments[:2] == [f"# HELP {expected[0]}", f"# TYPE {expected[1]}"]


def test_a_scraper_that_asks_for_open_metrics_gets_it():
    with start(INFO, one_metric(), instances=ONE_TYPE) as handler:
        handler.handle_metric([sample(1)])
        page = fetch(handler, Accept="application/openmetrics-text; version=1.0.0")
    assert "# TYPE istio_requests counter\n" in page
    assert 'istio_requests_total{code="200"} 1.0\n' in page
    assert page.endswith("# EOF\n")


def test_other_pages_are_not_found():
    with start(INFO, one_metric(), instances=ONE_TYPE) as handler:
        with pytest.raises(urllib.error.HTTPError) as failure:
            fetch(handler, "/")
        failure.value.close()
    assert failure.value.code == 404


def test_series_beyond_the_bound_are_dropped_and_counted():
    metrics = one_metric().metrics
    params = Params(metrics=metrics, listen_address=LOOPBACK, max_series=2)
    with start(INFO, params, instances=ONE_TYPE) as handler:
        handler.handle_metric([sample(1, code) for code in (200, 404, 500, 503, 500, 200)])
        page = fetch(handler)
    assert 'istio_requests_total{code="200"} 2.0\nistio_requests_total{code="404"} 1.0\n' in page
    assert 'mixer_prometheus_dropped_samples_total{metric="istio_requests_total"} 3.0\n' in page
    assert "50" not in "".join(line for line in page.splitlines() if line.startswith("istio_"))


def test_a_metric_may_have_a_bound_of_its_own():
    metrics = tuple(replace(info, max_series=1) for info in one_metric().metrics)
    params = Params(metrics=metrics, listen_address=LOOPBACK, max_series=2)
    with start(INFO, params, instances=ONE_TYPE) as handler:
        handler.handle_metric([sample(1, code) for code in (200, 404, 200)])
        assert samples(handler) == ['istio_requests_total{code="200"} 2.0']


def expiring(expiry_s, check_s=0.0):
    policy = MetricsExpirationPolicy(
        metrics_expiry_duration=Duration.from_seconds(expiry_s),
        expiry_check_interval_duration=Duration.from_seconds(check_s),
    )
    metrics = one_metric().metrics
    return Params(metrics=metrics, listen_address=LOOPBACK, metrics_expiration_policy=policy)


def test_a_series_without_samples_expires_and_starts_anew():
    clock = FakeClock()
    with start(INFO, expiring(10), instances=ONE_TYPE, clock=clock) as handler:
        handler.handle_metric([sample(1, 200), sample(1, 404)])
        clock.advance(8)
        handler.handle_metric([sample(1, 200)])
        clock.advance(4)  # checks came after 5 and 10 seconds; neither series was too old then
        assert len(samples(handler)) == 2
        clock.advance(3)  # 15 s: 404 is 15 s old, 200 is 7 s old
        assert samples(handler) == ['istio_requests_total{code="200"} 2.0']
        handler.handle_metric([sample(1, 404)])
        assert samples(handler) == [
            'istio_requests_total{code="200"} 2.0',
            'istio_requests_total{code="404"} 1.0',
        ]


def test_the_check_for_old_series_comes_at_its_own_interval():
    clock = FakeClock()
    with start(INFO, expiring(2, 30), instances=ONE_TYPE, clock=clock) as handler:
        handler.handle_metric([sample(1)])
        clock.advance(29)
        assert len(samples(handler)) == 1
        clock.advance(1)
        assert samples(handler) == []


def test_a_series_that_another_handler_lets_expire_is_not_lost_to_this_one():
    clock = FakeClock()
    with ExitStack() as both:
        old = both.enter_context(start(INFO, one_metric(), instances=ONE_TYPE, clock=clock))
        old.handle_metric([sample(1)])
        both.enter_context(start(INFO, expiring(10), instances=ONE_TYPE, clock=clock))
        clock.advance(15)
        assert samples(old) == []
        old.handle_metric([sample(5)])
        assert samples(old) == ['istio_requests_total{code="200"} 5.0']
