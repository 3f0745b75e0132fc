import http.client
import json
import platform

import pytest
from prometheus_client import CollectorRegistry, Counter

import mixer
from mixer.server.monitoring_http import MonitoringServer
from tests.patience import SOON_S


class Readiness:
    def __init__(self, *, is_ready):
        self.is_ready = is_ready

    def __call__(self):
        return self.is_ready


@pytest.fixture
def registry():
    registry = CollectorRegistry()
    Counter("calls", "Calls so far", registry=registry).inc(3)
    return registry


@pytest.fixture
def readiness():
    return Readiness(is_ready=True)


@pytest.fixture
def server(readiness, registry):
    server = MonitoringServer("127.0.0.1:0", readiness, registry)
    server.start()
    yield server
    server.stop()


def get(server, path):
    connection = http.client.HTTPConnection(server.address, timeout=SOON_S)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


def test_metrics_are_those_of_the_registry(server):
    status, body = get(server, "/metrics")

    assert status == 200
    assert "calls_total 3.0" in body.splitlines()


def test_health_is_good_even_when_nothing_is_ready(server, readiness):
    readiness.is_ready = False

    assert get(server, "/healthz") == (200, "ok\n")


def test_readiness_follows_the_server(server, readiness):
    assert get(server, "/readyz") == (200, "ready\n")

    readiness.is_ready = False

    assert get(server, "/readyz") == (503, "not ready: starting, or stopping\n")


def test_version_says_what_runs(server):
    status, body = get(server, "/version")

    assert status == 200
    assert json.loads(body) == {"version": mixer.__version__, "python": platform.python_version()}


@pytest.mark.parametrize("path", ["/", "/metricsx", "/healthz/x"])
def test_any_other_path_is_not_found(server, path):
    assert get(server, path)[0] == 404


def test_requests_are_not_logged(server, capfd):
    get(server, "/healthz")

    assert capfd.readouterr() == ("", "")


def test_a_port_that_is_taken_is_an_os_error(server, readiness):
    with pytest.raises(OSError, match=f"can't listen on {server.address}: Address already in use"):
        MonitoringServer(server.address, readiness)


def test_the_port_is_free_again_after_stop(server, readiness, registry):
    server.stop()
    second = MonitoringServer(server.address, readiness, registry)
    second.start()

    assert get(second, "/healthz") == (200, "ok\n")
    second.stop()


def test_stop_without_start_frees_the_port(readiness, registry):
    server = MonitoringServer("127.0.0.1:0", readiness, registry)
    server.stop()

    with pytest.raises(ConnectionRefusedError):
        get(server, "/healthz")


def test_it_answers_over_ipv6(readiness, registry):
    try:
        server = MonitoringServer("[::1]:0", readiness, registry)
    except OSError:
        pytest.skip("this machine has no IPv6")
    server.start()

    assert get(server, "/healthz") == (200, "ok\n")
    server.stop()
