"""Every recorded conversation with the original, played against our server."""

import json

import grpc
import pytest

from mixer.adapter.testing import FakeClock
from mixer.runtime import OnConfigError
from mixer.server.options import ServerOptions
from mixer.server.server import MixerServer
from tests.conformance import replay

CASES = sorted(path for path in (replay.HERE / "cases").glob("*.json") if "reload" not in path.name)
RACES = {"26-two-handlers"}
"""Cases that ask the same thing for several sources, to see which handler is the first to answer."""


@pytest.fixture
def server(request, tmp_path):
    """A fresh server with the configuration of the case, its clock, and where reports go."""
    case = replay.load(request.param)
    folder, outlets = tmp_path / "config", replay.Outlets.below(tmp_path)
    folder.mkdir()
    replay.write_config(case["config"], folder, outlets)
    clock = FakeClock()
    options = ServerOptions(
        address=f"unix:{tmp_path}/mixer.sock",
        monitoring_address=None,
        config=folder,
        on_config_error=OnConfigError.PARTIAL,
        worker_threads=2,
    )
    server = MixerServer(options, clock.clock)
    server.start()
    yield case, server, clock, outlets
    server.stop()


@pytest.mark.parametrize("server", CASES, ids=lambda path: path.stem, indirect=True)
def test_the_answers_are_those_of_the_original(server):
    case, running, clock, outlets = server
    with grpc.insecure_channel(running.address) as channel:
        for exchange in case["exchanges"]:
            clock.advance(exchange.get("sleep_before_s") or 0)
            reply = replay.send(channel, exchange)
            _compare(case, exchange, reply, outlets)


def _compare(case, exchange, reply: replay.Reply, outlets: replay.Outlets) -> None:
    recorded = [
        other["reply"]
        for other in case["exchanges"]
        if case["case"] in RACES or replay.request_body(other) == replay.request_body(exchange)
    ]
    if exchange["reply"]["grpc_status"] == "UNAVAILABLE" and case["go_process_died"]:
        assert reply.status == "OK"
        return
    assert reply.status == exchange["reply"]["grpc_status"], reply.text
    wanted_names = replay.named_things(exchange["reply"].get("grpc_message", ""))
    if exchange.get("method"):
        assert wanted_names <= replay.named_things(reply.text)
    if "precondition" in exchange["reply"]:
        ours = replay.decode_check(reply.body)
        theirs = [replay.check_summary(other) for other in recorded]
        assert any(replay.is_same_check(ours, other) for other in theirs), (ours, theirs)
    if "stdio_lines" in exchange["reply"]:
        log = outlets.directory / "stdio.log"
        lines = log.read_text().splitlines() if log.exists() else []
        assert [json.loads(line) for line in lines] == exchange["reply"]["stdio_lines"]
    if "prometheus" in exchange["reply"]:
        assert replay.metric_lines(outlets.metrics_address) == set(exchange["reply"]["prometheus"])


def test_there_are_as_many_cases_as_were_recorded():
    assert len(CASES) == 115
