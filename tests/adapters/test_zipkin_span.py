"""Which traces are sampled, and what Zipkin is told of a span."""

import pytest

from adapters.zipkin.span import is_sampled, parse_id, span
from mixer.adapter import Duration, Timestamp
from mixer.template.tracespan import Instance

TRACE = "463ac35c9f6413ad48485a3953bb6124"
NOON = Timestamp.parse("2019-06-01T12:00:00Z")
NOON_US = 1_559_390_400_000_000


def instance(**fields):
    return Instance(
        name="span.instance.istio-system",
        **{
            "trace_id": TRACE,
            "span_id": "a2fb4a1d1a96d312",
            "span_name": "/ratings",
            "start_time": NOON,
            "end_time": Timestamp(NOON + 12_300_000),
        }
        | fields,
    )


def test_a_server_span_tells_of_its_destination():
    asked = instance(
        parent_span_id="0020000000000001",
        http_status_code=200,
        span_tags={"user": "jason", "took": Duration(12_300_000), "mtls": True},
        source_name="reviews",
        source_ip=bytes([10, 0, 0, 1]),
        destination_name="ratings",
        destination_ip=bytes([10, 0, 0, 2]),
        request_total_size=500,
        response_total_size=1200,
    )
    assert span(asked) == {
        "traceId": TRACE,
        "id": "a2fb4a1d1a96d312",
        "parentId": "0020000000000001",
        "name": "/ratings",
        "kind": "SERVER",
        "timestamp": NOON_US,
        "duration": 12_300,
        "localEndpoint": {"serviceName": "ratings", "ipv4": "10.0.0.2"},
        "annotations": [
            {"timestamp": NOON_US, "value": "RECV"},
            {"timestamp": NOON_US + 12_300, "value": "SENT"},
        ],
        "tags": {
            "http.status_code": "200",
            "http.request.size": "500",
            "http.response.size": "1200",
            "user": "jason",
            "took": "12.3ms",
            "mtls": "true",
        },
    }


def test_a_client_span_tells_of_its_source():
    asked = instance(client_span=True, source_name="reviews", source_ip=bytes(15) + b"\1")
    made = span(asked)
    assert made["kind"] == "CLIENT"
    assert made["localEndpoint"] == {"serviceName": "reviews", "ipv6": "::1"}
    assert [event["value"] for event in made["annotations"]] == ["SENT", "RECV"]


@pytest.mark.parametrize(
    ("address", "endpoint"),
    [
        (b"", {"serviceName": "default"}),
        (b"abc", {"serviceName": "default"}),  # no address
        # as Envoy writes an IPv4 address into 16 bytes
        (bytes(10) + b"\xff\xff\x0a\0\0\1", {"serviceName": "default", "ipv4": "10.0.0.1"}),
    ],
)
def test_an_end_point_has_what_is_known(address, endpoint):
    assert span(instance(destination_ip=address))["localEndpoint"] == endpoint


def test_an_error_of_http_is_an_error():
    tags = {"http.status_code": "404", "error": "404"}
    assert span(instance(http_status_code=404))["tags"] == tags
    assert span(instance(http_status_code=399))["tags"] == {"http.status_code": "399"}


@pytest.mark.parametrize(
    ("is_client", "span_id", "parent_id"),
    [
        # 0xa2fb4a1d1a96d312 ^ 0x3f6a2ec3c810c2ab: the client's own, and the parent of the server's
        (True, "9d9164ded28611b9", "0020000000000001"),
        (False, "a2fb4a1d1a96d312", "9d9164ded28611b9"),
    ],
)
def test_an_id_that_client_and_server_share_is_told_apart(is_client, span_id, parent_id):
    made = span(
        instance(
            client_span=is_client, rewrite_client_span_id=True, parent_span_id="0020000000000001"
        )
    )
    assert (made["id"], made["parentId"]) == (span_id, parent_id)


def test_a_root_has_no_parent_and_a_short_trace_id_stays_short():
    made = span(instance(trace_id="48485A3953BB6124", span_id="1"))
    assert "parentId" not in made
    assert (made["traceId"], made["id"]) == ("48485a3953bb6124", "0000000000000001")


def test_times_that_the_configuration_leaves_out_are_left_out():
    made = span(Instance(name="x", trace_id=TRACE, span_id="1"))
    assert made["annotations"] == []
    assert "timestamp" not in made
    assert "duration" not in made


def test_a_span_that_ends_as_it_starts_lasted_a_microsecond_and_one_before_it_for_unknown():
    assert span(instance(end_time=NOON))["duration"] == 1
    assert "duration" not in span(instance(end_time=Timestamp(NOON - 1000)))


@pytest.mark.parametrize(
    "ids",
    [
        {"trace_id": ""},
        {"trace_id": "0" * 32},
        {"trace_id": "1" * 33},
        {"trace_id": "0x1f"},
        {"trace_id": "1_1"},
        {"trace_id": " 1"},
        {"span_id": ""},
        {"span_id": "1" * 17},
        {"span_id": "nonsense"},
        {"parent_span_id": "nonsense"},
        {"parent_span_id": "0"},
    ],
)
def test_a_span_whose_ids_make_no_sense_is_skipped(ids):
    assert span(instance(**ids)) is None


def test_all_spans_of_a_trace_are_sampled_or_none():
    low = "7fffffffffffffff"  # just below the middle of what the low 64 bits can be
    high = "8000000000000000"
    assert [is_sampled(trace, 0.5) for trace in (low, high, "f" * 16 + low, "0" * 16 + high)] == [
        True,
        False,
        True,
        False,
    ]


def test_probability_is_the_part_of_traces_that_are_sampled():
    traces = [f"{number << 54:016x}" for number in range(1, 1024)]
    assert sum(is_sampled(trace, 0.25) for trace in traces) == 255
    assert sum(is_sampled(trace, 1) for trace in traces) == 1023
    assert sum(is_sampled(trace, 0) for trace in traces) == 0
    assert not is_sampled("nonsense", 1)


def test_an_id_is_what_its_digits_say():
    assert [parse_id(text, 16) for text in ("ff", "FF", "0", "g", "")] == [
        255,
        255,
        None,
        None,
        None,
    ]
