"""Which events a fluentd server gets from log entries."""

import socketserver
import threading
from contextlib import contextmanager

import msgpack
import pytest
from prometheus_client import REGISTRY

from adapters.fluentd import INFO
from adapters.fluentd.params import Params
from mixer.adapter import Duration, Timestamp
from mixer.adapter.testing import BackendBattery, Link, ParamsRefusedError, start
from mixer.template.logentry import Instance
from tests.adapters.otlp_receiver import eventually

LOG = "access.instance.istio-system"
SOON = Duration.parse("20ms")
NEVER = Duration.parse("1h")
NOW = (1_559_383_200, 0)  # of FakeClock


class Fluentd:
    """A server of the forward protocol that keeps the events it gets."""

    def __init__(self):
        self.address = ""
        self.keeps = True
        self.events = []


@contextmanager
def fluentd():
    made = Fluentd()

    class Connection(socketserver.BaseRequestHandler):
        def handle(self):
            unpacker = msgpack.Unpacker(ext_hook=_time)
            while data := self.request.recv(65536):
                unpacker.feed(data)
                made.events.extend(event for event in unpacker if made.keeps)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Connection) as server:
        server.daemon_threads = True
        made.address = "{}:{}".format(*server.server_address)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield made
        finally:
            server.shutdown()
            thread.join()


def _time(code, data):
    assert code == 0, "only EventTime is an extension"
    return int.from_bytes(data[:4]), int.from_bytes(data[4:])


@pytest.fixture
def server():
    with fluentd() as made:
        yield made


def dropped():
    labels = {"handler": "fluentd.test"}
    return REGISTRY.get_sample_value("mixer_adapter_fluentd_dropped_total", labels) or 0


def entry(number):
    return Instance(name=LOG, variables={"number": number})


def numbers(server):
    return [record["number"] for _, _, record in server.events]


def test_an_entry_becomes_an_event_with_its_time_and_the_instance_as_tag(server):
    variables = {
        "method": "GET",
        "code": 200,
        "share": 0.5,
        "ok": True,
        "took": Duration.parse("1.5ms"),
        "from": b"\x0a\x00\x00\x01",
        "at": Timestamp.parse("2019-06-01T09:00:00Z"),
        "headers": {"host": "reviews"},
    }
    at = Timestamp.parse("2019-06-01T09:59:59.25Z")
    made = Instance(name=LOG, variables=variables, severity="info", timestamp=at)
    params = Params(address=server.address, push_interval_duration=SOON)
    with start(INFO, params) as handler:
        handler.handle_logentry([made])
        [event] = eventually(lambda: server.events)
    assert event == [
        LOG,
        (1_559_383_199, 250_000_000),
        {
            "method": "GET",
            "code": 200,
            "share": 0.5,
            "ok": True,
            "took": "1.5ms",
            "from": "10.0.0.1",
            "at": "2019-06-01T09:00:00.000000Z",
            "headers": {"host": "reviews"},
            "severity": "info",
        },
    ]


def test_a_variable_can_be_the_tag_and_durations_can_be_milliseconds(server):
    variables = {"tag": "mesh.access", "took": Duration.parse("1999999ns")}
    params = Params(address=server.address, push_interval_duration=SOON, integer_duration=True)
    with start(INFO, params) as handler:
        handler.handle_logentry([Instance(name=LOG, variables=variables)])
        [event] = eventually(lambda: server.events)
    assert event == ["mesh.access", NOW, {"took": 1, "name": LOG, "severity": ""}]


def test_entries_are_sent_when_their_batch_is_full_or_half_of_the_room_is_taken(server):
    size = len(msgpack.packb((LOG, 0, {"number": 1, "severity": ""}))) + 9  # of its EventTime
    params = Params(
        address=server.address, push_interval_duration=NEVER, max_batch_size_bytes=3 * size
    )
    with start(INFO, params) as handler:
        handler.handle_logentry([entry(number) for number in range(4)])
        eventually(lambda: numbers(server) == [0, 1, 2, 3])
    params = Params(address=server.address, push_interval_duration=NEVER, instance_buffer_size=4)
    with start(INFO, params) as handler:
        handler.handle_logentry([entry(4), entry(5)])
        eventually(lambda: numbers(server) == [0, 1, 2, 3, 4, 5])


def test_what_waits_is_sent_when_the_handler_closes(server):
    with start(INFO, Params(address=server.address)) as handler:
        handler.handle_logentry([entry(1)])
    assert eventually(lambda: numbers(server)) == [1]


def test_an_entry_that_is_longer_than_a_batch_is_dropped_and_counted(server):
    before = dropped()
    params = Params(address=server.address, push_interval_duration=SOON, max_batch_size_bytes=100)
    long = Instance(name=LOG, variables={"text": "x" * 100})
    with start(INFO, params) as handler:
        handler.handle_logentry([long, entry(1)])
        assert eventually(lambda: numbers(server)) == [1]
    assert dropped() - before == 1


def test_after_an_outage_what_had_room_arrives_and_the_rest_has_been_counted(server):
    before = dropped()
    with Link(server.address) as link:
        params = Params(address=link.address, push_interval_duration=SOON, instance_buffer_size=10)
        with start(INFO, params) as handler:
            handler.handle_logentry([entry(0)])
            eventually(lambda: numbers(server) == [0])
            link.cut()
            for number in range(1, 26):
                handler.handle_logentry([entry(number)])
            assert dropped() - before == 15
            link.mend()
            eventually(lambda: numbers(server) == list(range(11)))
    assert dropped() - before == 15


def test_what_waits_when_the_handler_closes_without_a_server_is_counted():
    before = dropped()
    with start(INFO, Params(address="127.0.0.1:9")) as handler:
        handler.handle_logentry([entry(number) for number in range(7)])
    assert dropped() - before == 7


@pytest.mark.parametrize(
    ("params", "message"),
    [
        (Params(address="fluentd"), "address: not host:port: 'fluentd'"),
        (Params(instance_buffer_size=0), "instance_buffer_size: must be at least 1"),
        (Params(max_batch_size_bytes=-1), "max_batch_size_bytes: must be at least 1"),
        (Params(push_interval_duration=Duration(0)), "push_interval_duration: must be more than 0"),
        (Params(push_timeout_duration=Duration(0)), "push_timeout_duration: must be more than 0"),
    ],
)
def test_wrong_params_are_named(params, message):
    with pytest.raises(ParamsRefusedError) as raised, start(INFO, params):
        pass
    assert str(raised.value) == f"adapter 'fluentd' refuses its params:\n  {message}"


class TestFluentd(BackendBattery):
    info = INFO
    answers_without = True
    bad_params = (Params(address=""), Params(instance_buffer_size=0))

    @contextmanager
    def backend(self):
        with fluentd() as made:
            made.keeps = False  # or memory would grow
            yield made.address

    def params_for(self, address):
        return Params(address=address, push_interval_duration=SOON)

    def ask(self, handler):
        handler.handle_logentry([entry(1), entry(2)])
