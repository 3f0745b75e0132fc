"""One process around the pipeline: started, reloaded, stopped."""

import socket
import urllib.error
import urllib.request

import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from benchmarks.free_port import free_port
from mixer.errors import ConfigErrors
from mixer.runtime import OnConfigError
from mixer.server.options import ServerOptions
from mixer.server.server import MixerServer
from tests.integration.documents import MANIFEST, handler, instance, rule, yaml_of
from tests.integration.wire import client_of, serving
from tests.patience import SOON_S


@pytest.fixture
def config(tmp_path):
    """A directory with a configuration that denies everything."""
    folder = tmp_path / "config"
    folder.mkdir()
    documents = (MANIFEST, handler("deny", "denier"), instance("i"), rule("r", ("deny", "i")))
    (folder / "all.yaml").write_text(yaml_of(*documents))
    return folder


def free_address():
    return f"127.0.0.1:{free_port()}"


def options_for(tmp_path, config, **more):
    settings = {"monitoring_address": None, **more}
    return ServerOptions(address=f"unix:{tmp_path}/s", config=config, **settings)


def status_of(url):
    try:
        with urllib.request.urlopen(url, timeout=SOON_S) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


def test_it_answers_by_the_configuration_in_its_directory(tmp_path, config):
    with serving(config, tmp_path) as (_, client):
        assert client.check({}).precondition.status.code == 9


def test_without_a_directory_it_serves_the_demo(tmp_path):
    # The port that the demo names for metrics may be anybody's just now; then it serves the rest.
    partial = OnConfigError.PARTIAL
    with serving(None, tmp_path, on_config_error=partial) as (_, client):
        denied = client.check({"request.headers": {"x-demo-deny": "yes"}})
    assert denied.precondition.status.code == 7


def test_a_wrong_configuration_does_not_start(tmp_path, config):
    (config / "wrong.yaml").write_text(yaml_of(rule("wrong", ("nosuch", "i"))))
    server = MixerServer(options_for(tmp_path, config, monitoring_address="127.0.0.1:0"))
    with pytest.raises(ConfigErrors) as raised:
        server.start()
    assert 'no handler "nosuch"' in str(raised.value)
    with client_of(f"unix:{tmp_path}/s") as client:
        assert client.send("/x", b"")[0] == "UNAVAILABLE"


def test_in_partial_mode_it_does(tmp_path, config):
    (config / "wrong.yaml").write_text(yaml_of(rule("wrong", ("nosuch", "i"))))
    with serving(config, tmp_path, on_config_error=OnConfigError.PARTIAL) as (_, client):
        assert client.check({}).precondition.status.code == 9


def test_a_missing_directory_does_not_start(tmp_path):
    server = MixerServer(options_for(tmp_path, tmp_path / "missing"))
    with pytest.raises(ConfigErrors):
        server.start()


def test_an_address_in_use_frees_the_monitoring_port_again(tmp_path, config):
    monitoring_address = free_address()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        server = MixerServer(
            ServerOptions(address=address, monitoring_address=monitoring_address, config=config)
        )
        with pytest.raises(OSError, match="can't listen on"):
            server.start()
    host, _, port = monitoring_address.rpartition(":")
    socket.create_server((host, int(port))).close()


def test_a_monitoring_address_in_use_does_not_start(tmp_path, config):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        server = MixerServer(options_for(tmp_path, config, monitoring_address=address))
        with pytest.raises(OSError, match="can't listen on"):
            server.start()


def test_readiness_follows_the_life_of_the_server(tmp_path, config):
    server = MixerServer(options_for(tmp_path, config, monitoring_address="127.0.0.1:0"))
    server.start()
    url = f"http://{server.monitoring_address}"
    pages = ("readyz", "healthz", "metrics", "version", "other")
    statuses = [status_of(f"{url}/{page}") for page in pages]
    server.stop()

    assert statuses == [200, 200, 200, 200, 404]
    with pytest.raises(urllib.error.URLError):
        status_of(f"{url}/healthz")


def test_it_can_be_stopped_twice_and_without_having_been_started(tmp_path, config):
    server = MixerServer(options_for(tmp_path, config))
    server.stop()
    with serving(config, tmp_path) as (server, _):
        server.stop()


def test_a_request_to_stop_ends_the_wait(tmp_path, config):
    with serving(config, tmp_path) as (server, _):
        server.request_stop()
        server.wait()


def test_both_health_services_are_there(tmp_path, config):
    with serving(config, tmp_path) as (_, client):
        stub = health_pb2_grpc.HealthStub(client.channel)
        found = [
            stub.Check(health_pb2.HealthCheckRequest(service=name), timeout=SOON_S).status
            for name in ("", "istio.mixer.v1.Mixer")
        ]
    assert found == [health_pb2.HealthCheckResponse.SERVING] * 2


def test_another_default_namespace_can_be_set(tmp_path, config):
    with serving(config, tmp_path, default_namespace="other") as (_, client):
        assert client.check({}).precondition.status.code == 0
        in_it = client.check({"destination.namespace": "istio-system"})
    assert in_it.precondition.status.code == 9


def test_after_a_failed_start_handlers_are_closed(tmp_path, config):
    metrics = free_address()
    series = {"name": "requests", "instanceName": "m.instance.istio-system", "kind": "COUNTER"}
    exporter = {"listenAddress": metrics, "metrics": [series]}
    (config / "more.yaml").write_text(
        yaml_of(
            handler("prom", "prometheus", **exporter),
            instance("m", "metric", value="1"),
            rule("prom", ("prom", "m")),
            handler("zz", "stdio", logStream="FILE", outputPath=f"{tmp_path}/missing/log"),
            instance("l", "logentry"),
            rule("zz", ("zz", "l")),
        )
    )
    server = MixerServer(options_for(tmp_path, config))
    with pytest.raises(ConfigErrors, match="zz: adapter stdio can't be started"):
        server.start()
    host, _, port = metrics.rpartition(":")
    socket.create_server((host, int(port))).close()
