import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from contextlib import contextmanager

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from proxy_client.client import MixerClient
from proxy_client.verdict import Verdict
from tests.patience import LONG_S, SOON_S

MIXS = [sys.executable, "-c", "from mixer.cli.mixs import main; main()"]


@contextmanager
def serving(config, *flags):
    """A server process, and what it said when it began to serve."""
    command = [*MIXS, "server", "--config", str(config), "--monitoring-port", "0", *flags]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        for line in process.stderr:
            event = json.loads(line)
            if event["event"] == "serving":
                break
        yield process, event
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


def test_it_says_what_it_serves_where_and_how_to_try_it(config):
    with serving(config, "--address", "127.0.0.1:0") as (_, event):
        address, monitoring = event["address"], event["monitoring"]
        with MixerClient(address) as client:
            assert client.check({}) == Verdict()
        with urllib.request.urlopen(monitoring, timeout=SOON_S) as answer:
            assert b"mixer_config_rule_configs_total 3.0" in answer.read()

    assert event["config"] == str(config)
    assert event["holds"] == "3 rules, 2 handlers, 2 instances, 3 attributes"
    assert event["namespaces"] == "istio-system"
    assert event["try"] == f"mixc check -m {address} -a request.path=/"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_with_exit_code_0(config, tmp_path, number):
    with serving(config, "--address", f"unix:{tmp_path}/socket") as (process, _):
        process.send_signal(number)
        _, rest = process.communicate(timeout=SOON_S)

    assert process.returncode == 0
    assert {json.loads(line)["level"] for line in rest.splitlines()} == {"info"}


def test_a_second_signal_ends_it_at_once(config):
    with (
        serving(config, "--address", "127.0.0.1:0", "--grace", "3600") as (process, event),
        grpc.insecure_channel(event["address"]) as channel,
    ):
        # A stream that stays open keeps the server in its grace period.
        statuses = health_pb2_grpc.HealthStub(channel).Watch(health_pb2.HealthCheckRequest())
        assert next(statuses).status == health_pb2.HealthCheckResponse.SERVING
        process.send_signal(signal.SIGTERM)
        assert next(statuses).status == health_pb2.HealthCheckResponse.NOT_SERVING
        process.send_signal(signal.SIGTERM)

        assert process.wait(timeout=SOON_S) == -signal.SIGTERM


def run(*arguments, env=None):
    command = [*MIXS, "server", *(str(argument) for argument in arguments)]
    return subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        timeout=LONG_S,
        env={**os.environ, **(env or {})},
    )


def test_a_bad_configuration_exits_with_1_and_lists_its_errors(tmp_path):
    (tmp_path / "a.yaml").write_text(
        "kind: handler\nmetadata: {name: h, namespace: ns}\nspec: {compiledAdapter: nosuch}\n"
    )

    result = run("--config", tmp_path, "--address", "127.0.0.1:0", "--monitoring-port", "0")

    assert result.returncode == 1
    lines = result.stderr.splitlines()
    assert lines[0] == "a.yaml"
    assert lines[1].startswith("  line 3: handler/ns/h: compiledAdapter: ")
    assert lines[-1] == "Error: the configuration has errors, so nothing is served"


def test_an_address_that_is_taken_is_named(config):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        for_checks = run("--config", config, "--address", address, "--monitoring-port", "0")
        port = address.rpartition(":")[2]
        for_monitoring = run("--config", config, "--address", ":0", "--monitoring-port", port)

    assert for_checks.returncode == for_monitoring.returncode == 1
    assert for_checks.stderr.splitlines()[-1].startswith(f"Error: can't listen on {address}: ")
    assert for_monitoring.stderr.splitlines()[-1] == (
        f"Error: can't listen on {address}: Address already in use"
    )


def test_a_wrong_flag_exits_with_2():
    result = run(env={"MIXS_SERVER_ADDRESS": "nowhere"})

    assert result.returncode == 2
    assert "'nowhere' is neither HOST:PORT nor unix:PATH" in result.stderr
