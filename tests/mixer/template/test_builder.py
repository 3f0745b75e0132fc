"""Instances, made of bags."""

import pytest

from mixer.adapter import Duration, Timestamp, ValueType
from mixer.attribute.bag import MappingBag
from mixer.attribute.vocabulary import AttributeInfo, Vocabulary
from mixer.template import authorization, logentry, metric, tracespan
from mixer.template.builder import InstanceBuilder
from mixer.template.catalogue import BUILTIN
from mixer.template.plan import plan_instance

TYPES = {
    "source.name": "STRING",
    "source.ip": "IP_ADDRESS",
    "request.size": "INT64",
    "request.headers": "STRING_MAP",
    "request.time": "TIMESTAMP",
    "response.duration": "DURATION",
    "connection.mtls": "BOOL",
    "my.rate": "DOUBLE",
}
VOCABULARY = Vocabulary(
    {name: AttributeInfo(value_type=ValueType[kind]) for name, kind in TYPES.items()}
)
EVERYTHING = {
    "source.name": "a",
    "source.ip": b"\x0a\x00\x00\x01",
    "request.size": 5,
    "request.headers": {"path": "/", "host": "h"},
    "request.time": Timestamp(1_577_934_245_000_000_000),
    "response.duration": Duration(1_500_000),
    "connection.mtls": True,
    "my.rate": 0.5,
}


def plan(template, params, name="i.instance.ns"):
    planned = plan_instance(name, BUILTIN[template], params, VOCABULARY)
    assert planned.errors == ()
    return planned.plan


def made(template, params, attributes=EVERYTHING):
    return InstanceBuilder([plan(template, params)], VOCABULARY).build(MappingBag(attributes))


def failures(template, params, attributes):
    builder = InstanceBuilder([plan(template, params)], VOCABULARY)
    instances, errors = builder.build_each(MappingBag(attributes))
    assert instances == []
    return [str(error) for error in errors]


def test_values_of_every_type_arrive_as_they_are():
    dimensions = {name: name for name in TYPES}
    (sample,) = made("metric", {"value": "request.size", "dimensions": dimensions})
    assert sample == metric.Instance(name="i.instance.ns", value=5, dimensions=dict(EVERYTHING))
    classes = (str, bytes, int, dict, Timestamp, Duration, bool, float)
    for name, wanted in zip(TYPES, classes, strict=True):
        assert isinstance(sample.dimensions[name], wanted), name


def test_what_is_left_out_or_empty_keeps_its_default():
    (entry,) = made("logentry", {"severity": "", "variables": {"a": "", "b": '"x"'}})
    assert entry == logentry.Instance(name="i.instance.ns", variables={"b": "x"})


def test_fields_of_fields_are_made():
    params = {"subject": {"user": "source.name", "properties": {"size": "request.size"}}}
    (asked,) = made("authorization", params)
    assert asked == authorization.Instance(
        name="i.instance.ns",
        subject=authorization.Subject(user="a", properties={"size": 5}),
    )


def test_typed_fields_are_made_by_either_name():
    params = {
        "start_time": "request.time",
        "sourceIp": "source.ip",
        "httpStatusCode": "200",
        "client_span": "connection.mtls",
    }
    (span,) = made("tracespan", params)
    assert span == tracespan.Instance(
        name="i.instance.ns",
        start_time=EVERYTHING["request.time"],
        source_ip=EVERYTHING["source.ip"],
        http_status_code=200,
        client_span=True,
    )


def test_several_plans_are_made_in_order_and_share_equal_maps():
    dimensions = {"source": "source.name", "size": "request.size"}
    plans = [
        plan("metric", {"value": value, "dimensions": dimensions}, name)
        for name, value in (("one", "1"), ("two", "2"))
    ]
    first, second = InstanceBuilder(plans, VOCABULARY).build(MappingBag(EVERYTHING))
    assert [(one.name, one.value) for one in (first, second)] == [("one", 1), ("two", 2)]
    assert first.dimensions == {"source": "a", "size": 5}
    assert first.dimensions is second.dimensions


FAILURES = [
    ("metric", {"value": "request.size"}, "Value", "lookup failed: 'request.size'"),
    (
        "metric",
        {"value": "1", "dimensions": {"src": "source.name"}},
        "Dimensions[src]",
        "lookup failed: 'source.name'",
    ),
    (
        "authorization",
        {"subject": {"user": "source.name"}},
        "Subject.User",
        "lookup failed: 'source.name'",
    ),
    (
        "logentry",
        {"variables": {"t": "request.time"}},
        "Variables[t]",
        "lookup failed: 'request.time'",
    ),
    # the first that fails is told
    (
        "metric",
        {"value": "request.size", "dimensions": {"s": "source.name"}},
        "Value",
        "lookup failed: 'request.size'",
    ),
]


@pytest.mark.parametrize(("template", "params", "path", "cause"), FAILURES)
def test_one_that_cannot_be_made_tells_instance_and_field(template, params, path, cause):
    assert failures(template, params, {}) == [
        f"evaluation failed at [i.instance.ns]'{path}': '{cause}'"
    ]


def test_a_key_that_is_missing_in_a_map_is_empty_and_in_no_map_has_no_value():
    params = {"value": 'request.headers["x"]'}
    (entry,) = made("listentry", params)
    assert entry.value == ""
    assert len(failures("listentry", params, {})) == 1


def test_of_several_those_that_can_be_made_are():
    plans = [
        plan("metric", {"value": text}, text) for text in ("request.size", "1", "my.rate", "2")
    ]
    builder = InstanceBuilder(plans, VOCABULARY)
    instances, errors = builder.build_each(MappingBag({"my.rate": 0.5}))
    assert [(one.name, one.value) for one in instances] == [("1", 1), ("my.rate", 0.5), ("2", 2)]
    assert [str(error) for error in errors] == [
        "evaluation failed at [request.size]'Value': 'lookup failed: 'request.size''"
    ]


WRONG_TYPES = [
    ({"timestamp": "request.time"}, {"request.time": "yesterday"}, "Timestamp"),
    ({"severity": "source.name"}, {"source.name": 5}, "Severity"),
]


@pytest.mark.parametrize(("params", "attributes", "path"), WRONG_TYPES)
def test_typed_fields_do_not_take_values_of_another_type(params, attributes, path):
    (text,) = failures("logentry", params, attributes)
    assert f"[i.instance.ns]'{path}'" in text


def test_what_is_read_is_recorded_and_a_whole_map_is_not():
    bag = MappingBag(EVERYTHING)
    params = {"action": {"properties": {"all": "request.headers", "s": "source.name"}}}
    InstanceBuilder([plan("authorization", params)], VOCABULARY).build(bag)
    assert [tuple(reference) for reference in bag.references] == [("source.name", None, True)]
