"""Instances, types and results come back from the wire as they went; the bytes themselves are
tested with the adapter `remote`."""

import pytest

from mixer.adapter import (
    CheckResult,
    DirectHttpResponse,
    Duration,
    QuotaResult,
    Status,
    Timestamp,
    ValueType,
)
from mixer.template import apikey, authorization, edge, kubernetes, lookup, metric, quota, tracespan
from mixer.template.catalogue import BUILTIN
from mixer.template.wire import (
    METHODS,
    AnswerError,
    InstanceReader,
    InstanceWriter,
    read_check,
    read_output,
    read_quota,
    read_types,
    write_check,
    write_output,
    write_quota,
    write_types,
)
from protos.mixer.adapter.v1beta1 import model_pb2 as model

VALUES = {
    "text": "ü",
    "int": -(1 << 63),
    "double": 1e300,
    "bool": False,
    "time": Timestamp(-1),
    "long ago": Timestamp.parse("0001-01-01T00:00:00Z"),
    "duration": Duration(-1_500_000_000),
    "address": b"\x00" * 16,
    "map": {"": "x"},
    "nothing": "",
}
INSTANCES = [
    apikey.Instance(
        name="n", api_key="k", timestamp=Timestamp.parse("2019-06-01T10:00:00.000000001Z")
    ),
    authorization.Instance(name="n"),
    authorization.Instance(
        name="n", subject=authorization.Subject(), action=authorization.Action(properties=VALUES)
    ),
    edge.Instance(name="n", destination_service_name="s", api_protocol="http"),
    kubernetes.Instance(name="n", source_ip=b"\x01\x02\x03\x04", destination_port=80),
    lookup.Instance(name="n", key=7),
    metric.Instance(name="n"),
    metric.Instance(name="n", value=0, dimensions=VALUES),
    quota.Instance(name="n", dimensions=VALUES),
    tracespan.Instance(name="n", http_status_code=200, destination_ip=b"\x01\x02\x03\x04"),
    *(template.instance(name="n") for template in BUILTIN.values()),
]


def method_of(instance):
    return METHODS[type(instance).__module__.rpartition(".")[2]]


@pytest.mark.parametrize("instance", INSTANCES, ids=lambda one: type(one).__module__)
def test_an_instance_comes_back_as_it_went(instance):
    method = method_of(instance)
    message = method.instance()
    InstanceWriter(method.instance.DESCRIPTOR).write(message, instance)
    sent = method.instance.FromString(message.SerializeToString())
    assert (
        InstanceReader(method.template.instance, method.instance.DESCRIPTOR).read(sent) == instance
    )


@pytest.mark.parametrize("kind", [ValueType.URI, ValueType.DNS_NAME, ValueType.EMAIL_ADDRESS])
def test_a_text_of_another_type_is_a_text_again(kind):
    method, instance = (
        METHODS["metric"],
        metric.Instance(name="n", value="x", dimensions={"d": "y"}),
    )
    message = method.instance()
    types = {"value": kind, "dimensions": {"d": kind}}
    InstanceWriter(method.instance.DESCRIPTOR).write(message, instance, types)
    assert message.value.WhichOneof("value") == f"{kind.name.lower()}_value"
    assert InstanceReader(metric.Instance, method.instance.DESCRIPTOR).read(message) == instance


def test_what_is_no_value_is_not_sent():
    method = METHODS["listentry"]
    instance = method.template.instance(name="n", value=object())
    with pytest.raises(TypeError, match="no value for the wire"):
        InstanceWriter(method.instance.DESCRIPTOR).write(method.instance(), instance)


def test_types_come_back_as_they_went():
    types = {"value": ValueType.INT64, "dimensions": {"d": ValueType.URI}}
    message = METHODS["metric"].type()
    write_types(message, types)
    assert read_types(message) == types


CHECKS = [
    CheckResult(),
    CheckResult(Status(code=99, message="m"), 0.000000001, (1 << 31) - 1),
    CheckResult(Status(code=7, direct_response=DirectHttpResponse(code=302, headers={"a": "b"}))),
]


@pytest.mark.parametrize("result", CHECKS)
def test_a_check_comes_back_as_it_went(result):
    assert read_check(write_check(result)) == result


def test_for_ever_is_ten_thousand_years_on_the_wire():
    result = read_check(write_check(CheckResult(valid_duration_s=1e18)))
    assert result == CheckResult(valid_duration_s=315_576_000_000.0)


def test_a_grant_comes_back_without_its_status_as_in_mixer():
    result = QuotaResult(amount=3, valid_duration_s=1.5)
    assert read_quota(write_quota(result, "q"), "q") == result
    refused = QuotaResult(status=Status(code=8))
    assert read_quota(write_quota(refused, "q"), "q") == QuotaResult()


def test_a_grant_must_be_for_the_instance_that_asked():
    with pytest.raises(AnswerError, match="the answer has no quota q"):
        read_quota(write_quota(QuotaResult(), "other"), "q")


def test_no_answer_lasts_less_than_no_time():
    past = model.CheckResult()
    past.valid_duration.seconds = -1
    with pytest.raises(AnswerError, match="must not be negative"):
        read_check(past)
    granted = model.QuotaResult()
    granted.quotas["q"].valid_duration.nanos = -1
    with pytest.raises(AnswerError, match="must not be negative"):
        read_quota(granted, "q")


def test_addresses_are_told_as_well():
    output = kubernetes.Output(
        source_pod_ip=b"\x0a\x00\x00\x01", source_labels={"a": "b"}, destination_owner="o"
    )
    message = METHODS["kubernetes"].response()
    write_output(output, message)
    assert read_output(message, kubernetes.Output) == output


@pytest.mark.parametrize(
    "output",
    [lookup.Output(), lookup.Output(value=""), lookup.Output(value="v", fields={"a": "b"})],
)
def test_what_a_generator_tells_comes_back_as_it_went(output):
    message = METHODS["lookup"].response()
    write_output(output, message)
    assert read_output(message, lookup.Output) == output


def test_every_template_of_ours_has_its_service():
    assert METHODS.keys() == BUILTIN.keys()
    assert all(METHODS[name].template is template for name, template in BUILTIN.items())
