"""Faults that are found in a configuration before any port is opened."""

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
from mixer.adapter import Duration, InstanceType, ValueType


def faults(params, **instances):
    return [f"{error.field}: {error.message}" for error in INFO.validate(params, instances)]


def metric(name="a", *labels, kind=Kind.COUNTER, instance="i", **more):
    return MetricInfo(name=name, instance_name=instance, kind=kind, label_names=labels, **more)


def instance(*dimensions, value=ValueType.INT64):
    types = dict.fromkeys(dimensions, ValueType.STRING)
    return InstanceType(template="metric", fields={"value": value, "dimensions": types})


def test_matching_labels_and_dimensions_are_right_in_any_order_and_spelling():
    params = Params(metrics=(metric("a", "code", "source.ip"),))
    assert faults(params, i=instance("source_ip", "code")) == []


@pytest.mark.parametrize(
    ("labels", "dimensions", "difference"),
    [
        (["code", "app"], ["code"], "no such dimension app"),
        (["code"], ["code", "z", "app"], "no label for dimension app, z"),
        (["code"], ["app"], "no such dimension code; no label for dimension app"),
        # both would be one label
        (["a_b"], ["a.b", "a_b"], "same label for dimensions a_b"),
    ],
)
def test_labels_that_do_not_match_the_dimensions_are_named(labels, dimensions, difference):
    params = Params(metrics=(metric("a", *labels),))
    assert faults(params, i=instance(*dimensions)) == [
        f"metrics[0].label_names: instance i: {difference}"
    ]


@pytest.mark.parametrize(
    "value", [ValueType.BOOL, ValueType.TIMESTAMP, ValueType.STRING_MAP, ValueType.IP_ADDRESS]
)
def test_a_value_that_can_never_be_a_number_is_a_fault(value):
    assert faults(Params(metrics=(metric(),)), i=instance(value=value)) == [
        "metrics[0].instance_name: instance i: its value is no number"
    ]


def test_an_instance_without_a_value_is_a_fault():
    nothing = InstanceType(template="metric", fields={})
    assert faults(Params(metrics=(metric(),)), i=nothing) == [
        "metrics[0].instance_name: instance i: its value is no number"
    ]


def test_an_instance_that_no_metric_takes_is_a_fault():
    assert faults(Params(metrics=(metric(),)), i=instance(), stray=instance()) == [
        "metrics: no metric for instance stray"
    ]


def test_a_metric_whose_instance_no_rule_sends_is_right():
    assert faults(Params(metrics=(metric("a", "code"),))) == []


@pytest.mark.parametrize(
    ("metrics", "expected"),
    [
        ([metric("a{b")], ["metrics[0].name: 'istio_a{b' is no name of a metric"]),
        ([metric("1", namespace="")], ["metrics[0].name: '1' is no name of a metric"]),
        ([metric(instance="")], ["metrics[0].instance_name: must be given"]),
        (
            [metric(kind=Kind.UNSPECIFIED)],
            ["metrics[0].kind: must be GAUGE, COUNTER or DISTRIBUTION"],
        ),
        ([metric("a", "1x")], ["metrics[0].label_names: '1x' is no name of a label"]),
        ([metric("a", "__x")], ["metrics[0].label_names: '__x' is no name of a label"]),
        ([metric("a", "x.y", "x/y")], ["metrics[0].label_names: 'x_y' stands there twice"]),
        (
            [metric("a", "le", kind=Kind.DISTRIBUTION)],
            ["metrics[0].label_names: 'le' is the label of the buckets"],
        ),
        (
            [metric("a"), metric("b")],
            ["metrics[1].instance_name: instance i already feeds another metric"],
        ),
        # two instances may feed one metric, but not two of one name
        ([metric("a"), metric("a", instance="j")], []),
        (
            [metric("a", "x"), metric("a", "y", instance="j")],
            ["metrics[1].name: istio_a is defined twice, differently"],
        ),
    ],
)
def test_faults_of_metrics_are_named(metrics, expected):
    assert faults(Params(metrics=tuple(metrics))) == expected


UNORDERED = "the bounds must be finite, each above the last"


@pytest.mark.parametrize(
    ("buckets", "message"),
    [
        (
            BucketsDefinition(
                linear_buckets=LinearBuckets(width=1), explicit_buckets=ExplicitBuckets()
            ),
            "only one of linear, exponential and explicit",
        ),
        (
            BucketsDefinition(linear_buckets=LinearBuckets(num_finite_buckets=1001, width=1)),
            "num_finite_buckets must be from 0 to 1000",
        ),
        (BucketsDefinition(linear_buckets=LinearBuckets(num_finite_buckets=2)), UNORDERED),
        (
            BucketsDefinition(
                exponential_buckets=ExponentialBuckets(
                    num_finite_buckets=2, growth_factor=1, scale=1
                )
            ),
            UNORDERED,
        ),
        # too large for a double
        (
            BucketsDefinition(
                exponential_buckets=ExponentialBuckets(
                    num_finite_buckets=900, growth_factor=10, scale=1
                )
            ),
            UNORDERED,
        ),
        (BucketsDefinition(explicit_buckets=ExplicitBuckets(bounds=(1, 1))), UNORDERED),
        (BucketsDefinition(explicit_buckets=ExplicitBuckets(bounds=(1, float("inf")))), UNORDERED),
    ],
)
def test_faults_of_buckets_are_named(buckets, message):
    params = Params(metrics=(metric(kind=Kind.DISTRIBUTION, buckets=buckets),))
    assert faults(params) == [f"metrics[0].buckets: {message}"]


@pytest.mark.parametrize("address", ["42422", "host:", "host:99999", "host:-1", ":http"])
def test_an_address_without_a_port_is_a_fault(address):
    assert faults(Params(listen_address=address)) == [f"listen_address: not host:port: {address!r}"]


def test_the_default_address_is_that_of_the_original():
    assert Params().listen_address == ":42422"


@pytest.mark.parametrize("address", [":42422", "localhost:0", "[::1]:9090"])
def test_an_address_may_leave_out_the_host_or_be_of_ipv6(address):
    assert faults(Params(listen_address=address)) == []


def test_faults_of_the_bounds_in_time_and_number_are_named():
    policy = MetricsExpirationPolicy(expiry_check_interval_duration=Duration(-1))
    assert faults(Params(max_series=0, metrics_expiration_policy=policy)) == [
        "max_series: must be at least 1",
        "metrics_expiration_policy.metrics_expiry_duration: must be more than 0",
        "metrics_expiration_policy.expiry_check_interval_duration: must not be negative",
    ]
    info = MetricInfo(instance_name="a", kind=Kind.COUNTER, max_series=-1)
    assert faults(Params(metrics=(info,))) == ["metrics[0].max_series: must not be negative"]
