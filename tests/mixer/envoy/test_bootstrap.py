"""The configurations that are built from parts; Envoy itself says whether they are right."""

import pytest

from mixer.envoy.bootstrap import (
    bootstrap,
    cluster,
    grpc_cluster,
    http_listener,
    route,
    tcp_listener,
)
from mixer.envoy.filters import (
    ext_authz,
    http_access_log,
    rate_limit,
    rate_limit_quota,
    tcp_access_log,
)
from mixer.envoy.part import address_of, duration
from mixer.envoy.process import EnvoyProcess


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("127.0.0.1:80", {"socket_address": {"address": "127.0.0.1", "port_value": 80}}),
        ("[::1]:0", {"socket_address": {"address": "::1", "port_value": 0}}),
        ("unix:/run/mixer.sock", {"pipe": {"path": "/run/mixer.sock"}}),
    ],
)
def test_an_address_is_a_socket_or_a_pipe(text, address):
    assert address_of(text) == address


@pytest.mark.parametrize(
    ("seconds", "text"), [(5, "5s"), (0.25, "0.25s"), (1e-9, "0.000000001s"), (10, "10s")]
)
def test_a_duration_has_no_more_digits_than_it_needs(seconds, text):
    assert duration(seconds) == text


def test_fields_that_are_given_come_last():
    assert cluster("c", "unix:/s", connect_timeout="0.1s", type="STATIC") == {
        "name": "c",
        "connect_timeout": "0.1s",
        "type": "STATIC",
        "load_assignment": {
            "cluster_name": "c",
            "endpoints": [
                {"lb_endpoints": [{"endpoint": {"address": {"pipe": {"path": "/s"}}}}]},
            ],
        },
    }


def test_the_common_part_of_an_access_log_is_filled_up():
    log = http_access_log(
        "mixer",
        common_config={"log_name": "mine", "buffer_size_bytes": 0},
        additional_request_headers_to_log=["x"],
    )

    assert log == {
        "name": "envoy.access_loggers.http_grpc",
        "typed_config": {
            "@type": (
                "type.googleapis.com/"
                "envoy.extensions.access_loggers.grpc.v3.HttpGrpcAccessLogConfig"
            ),
            "common_config": {
                "log_name": "mine",
                "transport_api_version": "V3",
                "grpc_service": {"envoy_grpc": {"cluster_name": "mixer"}},
                "buffer_size_bytes": 0,
            },
            "additional_request_headers_to_log": ["x"],
        },
    }


@pytest.mark.envoy
def test_envoy_takes_all_parts_together():
    nowhere = "127.0.0.1:1"
    assign = {
        "name": "bucket",
        "typed_config": {
            "@type": (
                "type.googleapis.com/"
                "envoy.extensions.filters.http.rate_limit_quota.v3.RateLimitQuotaBucketSettings"
            ),
            "bucket_id_builder": {"bucket_id_builder": {"name": {"string_value": "all"}}},
            "reporting_interval": "1s",
        },
    }
    filters = [
        ext_authz("mixer", timeout_s=0.2, include_tls_session=True),
        rate_limit("mixer", "domain", failure_mode_deny=True),
        rate_limit_quota("mixer", "domain", {"on_no_match": {"action": assign}}),
    ]
    by_path = {"actions": [{"request_headers": {"header_name": ":path", "descriptor_key": "p"}}]}
    listeners = [
        http_listener(
            filters,
            [route("upstream", "/a", rate_limits=[by_path], timeout="1s"), route("upstream")],
            access_log=[http_access_log("mixer")],
        ),
        tcp_listener("upstream", access_log=[tcp_access_log("mixer")]),
    ]
    clusters = [cluster("upstream", nowhere), grpc_cluster("mixer", nowhere)]

    with EnvoyProcess(bootstrap(listeners, clusters, {"id": "me"})) as envoy:
        assert envoy.addresses.keys() == {"http", "tcp"}
