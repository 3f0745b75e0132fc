import json
import socket
import urllib.request
from dataclasses import replace

import pytest

from benchmarks.free_port import free_port
from mixer import demo
from mixer.adapter.registry import AdapterRegistry
from mixer.attribute.bag import MappingBag
from mixer.attribute.dictionary import GLOBAL_WORDS
from mixer.attribute.value import Duration, Timestamp, ValueType
from mixer.config.spec import Operation
from mixer.dispatch.verdict import HeaderChange, QuotaRequest, RouteDirective
from mixer.runtime import Runtime, check_contents
from mixer.status import Status
from tests.patience import SOON_S

DENIED = 7


def with_metrics_at(contents, address):
    """The demo, but for the port of its metrics, which something else may have taken."""
    resources = [
        replace(
            resource,
            spec={**resource.spec, "params": {**resource.spec["params"], "listenAddress": address}},
        )
        if resource.key.name == "prometheus"
        else resource
        for resource in contents.resources
    ]
    return replace(contents, resources=tuple(resources))


@pytest.fixture
def metrics_address():
    return f"127.0.0.1:{free_port()}"


@pytest.fixture
def dispatcher(metrics_address):
    runtime = Runtime(AdapterRegistry())
    runtime.apply(with_metrics_at(demo.contents(), metrics_address))
    yield runtime.dispatcher
    runtime.close()


def check(dispatcher, **attributes):
    bag = MappingBag({name.replace("__", "."): value for name, value in attributes.items()})
    verdict = dispatcher.check(bag)
    return verdict.status, verdict.valid_duration_s, verdict.valid_use_count


def test_it_has_no_errors():
    snapshot = check_contents(demo.contents(), AdapterRegistry())

    assert snapshot.errors == ()
    assert len(snapshot.rules) == 7
    assert sorted(snapshot.handlers) == [
        "blocked-addresses.istio-system",
        "console.istio-system",
        "deny.istio-system",
        "known-api-versions.istio-system",
        "prometheus.istio-system",
        "request-limits.istio-system",
    ]


def test_its_vocabulary_is_the_default_one_some_older_names_and_what_envoy_tells():
    vocabulary = check_contents(demo.contents(), AdapterRegistry()).vocabulary

    assert len(vocabulary) == 64 + 26 + 6 + 29
    assert all(info.description for info in vocabulary.values())
    assert vocabulary["source.port"].value_type is ValueType.INT64
    assert vocabulary["request.headers"].value_type is ValueType.STRING_MAP
    # Of the words of the protocol that are attributes, only the oldest are left out.
    prefixes = ("source.", "destination.", "request.", "response.", "connection.", "context.")
    attributes = {word for word in GLOBAL_WORDS if word.startswith(prefixes)}
    assert attributes - vocabulary.keys() == set()


def test_an_ordinary_request_may_pass_for_as_long_as_the_lists_say(dispatcher):
    assert check(dispatcher, source__ip=bytes([10, 0, 0, 1]), api__version="v2") == (
        Status(),
        300.0,
        10_000,
    )


def test_a_request_without_any_attributes_may_pass(dispatcher):
    assert check(dispatcher) == (Status(), 300.0, 10_000)


def test_the_header_denies(dispatcher):
    assert check(dispatcher, request__headers={"x-demo-deny": "yes"}) == (
        Status(code=DENIED, message="deny.istio-system:the header x-demo-deny asks for a denial"),
        5.0,  # of 5 s and the lists' 300 s
        100,
    )


def test_another_value_of_the_header_does_not_deny(dispatcher):
    assert check(dispatcher, request__headers={"x-demo-deny": "no"})[0] == Status()


@pytest.mark.parametrize("address", ["192.0.2.66", "198.51.100.7"])
def test_addresses_and_networks_are_blocked(dispatcher, address):
    assert check(dispatcher, source__ip=socket.inet_aton(address)) == (
        Status(code=DENIED, message=f"blocked-addresses.istio-system:{address} is blacklisted"),
        300.0,
        10_000,
    )


def test_an_unknown_api_version_is_denied(dispatcher):
    message = "known-api-versions.istio-system:v9 is not whitelisted"

    assert check(dispatcher, request__headers={"x-api-version": "v9"})[0] == Status(
        code=DENIED, message=message
    )
    # The attribute goes before the header.
    headers = {"x-api-version": "v1"}
    assert check(dispatcher, api__version="v9", request__headers=headers)[0].code == DENIED


def test_headers_are_rewritten_for_one_path_of_one_namespace(dispatcher):
    def directive(namespace, path):
        attributes = {"destination.namespace": namespace, "request.url_path": path}
        return dispatcher.check(MappingBag(attributes)).route_directive

    assert directive("default", "/headers") == RouteDirective(
        request_headers=(
            HeaderChange("x-api-version", "v1", Operation.REPLACE),
            HeaderChange("x-internal-user", "", Operation.REMOVE),
        ),
        response_headers=(HeaderChange("x-checked-by", "mixer", Operation.APPEND),),
    )
    assert directive("default", "/") is None
    assert directive("other", "/headers") is None


def granted(dispatcher, source, amount):
    quotas = [QuotaRequest(name="requests", amount=amount, best_effort=True)]
    # Different ids, or the second call would be taken for the first one sent again.
    identity = f"{source}{amount}"
    verdict = dispatcher.check(MappingBag({"source.name": source}), quotas, identity)
    return verdict.quotas["requests"].amount


def test_each_source_has_its_own_quota_and_batch_has_less(dispatcher):
    assert granted(dispatcher, "batch", 4) == 4
    assert granted(dispatcher, "batch", 3) == 1
    assert granted(dispatcher, "web", 400) == 400
    assert granted(dispatcher, "web", 300) == 100


REPORT = {
    "context.protocol": "http",
    "request.method": "GET",
    "request.host": "reviews",
    "request.path": "/reviews/1",
    "request.time": Timestamp.parse("2019-06-01T10:00:00Z"),
    "request.headers": {"user-agent": "curl", "x-request-id": "r1"},
    "request.size": 0,
    "response.code": 503,
    "response.size": 90,
    "response.duration": Duration(12_500_000),
    "source.ip": bytes([10, 0, 0, 1]),
    "source.name": "web-1",
    "destination.workload.name": "reviews",
}


def test_a_report_writes_one_line_of_the_access_log(dispatcher, capfd):
    dispatcher.report([MappingBag(REPORT)])

    (line,) = capfd.readouterr().out.splitlines()
    assert json.loads(line) == {
        "level": "error",
        "time": "2019-06-01T10:00:00.000000Z",
        "instance": "access-log.instance.istio-system",
        "protocol": "http",
        "method": "GET",
        "host": "reviews",
        "path": "/reviews/1",
        "code": 503,
        "duration": "12.5ms",
        "requestBytes": 0,
        "responseBytes": 90,
        "sourceIp": "10.0.0.1",
        "source": "web-1",
        "destination": "reviews",
        "requestId": "r1",
        "userAgent": "curl",
    }


def test_a_report_adds_a_sample_to_each_metric(dispatcher, metrics_address):
    dispatcher.report([MappingBag(REPORT), MappingBag({"context.protocol": "tcp"})])

    with urllib.request.urlopen(f"http://{metrics_address}/metrics", timeout=SOON_S) as answer:
        lines = answer.read().decode().splitlines()
    counts = [line for line in lines if line.startswith("istio_requests_total{")]
    sums = [line for line in lines if line.startswith("istio_request_duration_seconds_sum{")]
    assert len(counts) == len(sums) == 1  # none for the TCP connection
    assert counts[0].endswith(" 1.0")
    assert sums[0].endswith(" 0.0125")
    for label in ('response_code="503"', 'source_workload="web-1"', 'source_app="unknown"'):
        assert label in counts[0]
    assert any(line.startswith("istio_response_bytes_bucket{") for line in lines)
