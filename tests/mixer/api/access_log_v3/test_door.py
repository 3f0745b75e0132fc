"""Streams of access logs: bytes in, reports out, without any transport."""

import logging

import pytest
from envoy.data.accesslog.v3.accesslog_pb2 import AccessLogType
from envoy.service.accesslog.v3.als_pb2 import StreamAccessLogsMessage
from hypothesis import given
from hypothesis import strategies as st

from mixer import monitoring
from mixer.adapter.testing import FakeClock
from mixer.api.access_log_v3 import SERVICE, stream
from mixer.api.throttle import admit_all
from mixer.attribute.value import Timestamp
from mixer.errors import OverloadedError
from tests.integration.documents import document, handler, instance, rule
from tests.integration.spy import Spy, runtime_of

TYPES = {
    "access_log.name": "STRING",
    "connection.event": "STRING",
    "connection.received.bytes": "INT64",
    "context.protocol": "STRING",
    "context.reporter.uid": "STRING",
    "context.time": "TIMESTAMP",
    "request.path": "STRING",
}
ATTRIBUTES = document(
    "attributemanifest",
    "envoy",
    {"attributes": {name: {"valueType": kind} for name, kind in TYPES.items()}},
)
DIMENSIONS = {
    "protocol": 'context.protocol | ""',
    "node": 'context.reporter.uid | ""',
    "log": 'access_log.name | ""',
    "path": 'request.path | ""',
    "event": 'connection.event | ""',
}


def documents(value="connection.received.bytes | 0"):
    return (
        ATTRIBUTES,
        handler("h"),
        instance("m", "metric", value=value, dimensions=DIMENSIONS),
        rule("r", ("h", "m")),
    )


class Door:
    """The front door with a handler behind it that remembers."""

    def __init__(self, value="connection.received.bytes | 0", answer=None, admit=admit_all):
        self.spy = Spy(answers={} if answer is None else {"h.istio-system": answer})
        self.runtime = runtime_of(self.spy, *documents(value))
        self.admit = admit
        self.time = FakeClock()

    def send(self, *messages):
        """The answers to a stream that consists of these messages."""
        raw = (m if isinstance(m, bytes) else m.SerializeToString() for m in messages)
        return list(stream(raw, lambda: self.runtime.dispatcher, self.admit, self.time.clock))

    @property
    def batches(self):
        """What the handler was sent: for each call, values and dimensions without empty ones."""
        return [
            [(one.value, {k: v for k, v in one.dimensions.items() if v}) for one in batch]
            for batch in self.spy.asked("h.istio-system")
        ]


def http(*paths, node="", log="", kind="DownstreamEnd"):
    message = identified(node, log)
    for path in paths:
        entry = message.http_logs.log_entry.add()
        entry.request.path = path
        entry.common_properties.access_log_type = AccessLogType.Value(kind)
    return message


def tcp(kind, received, connection="c"):
    message = StreamAccessLogsMessage()
    entry = message.tcp_logs.log_entry.add()
    entry.common_properties.access_log_type = AccessLogType.Value(kind)
    entry.common_properties.stream_id = connection
    entry.connection_properties.received_bytes = received
    return message


def identified(node, log):
    message = StreamAccessLogsMessage()
    if node:
        message.identifier.node.id = node
        message.identifier.log_name = log
    return message


def counted():
    """Entries by kind and result, and unreadable messages, as monitoring has them now."""
    value = monitoring.REGISTRY.get_sample_value
    samples = {
        (kind, result): value("mixer_access_log_entries_total", {"kind": kind, "result": result})
        for kind in ("http", "tcp")
        for result in ("reported", "intermediate", "overloaded", "failed")
    }
    samples["unreadable"] = value("mixer_access_log_unreadable_messages_total")
    return {name: count or 0 for name, count in samples.items()}


def since(before):
    """What has been counted since, without what has not."""
    return {name: value - before[name] for name, value in counted().items() if value > before[name]}


def of_http(path, **more):
    return (0, {"protocol": "http", "path": path, **more})


def test_the_service_is_envoys():
    [method] = SERVICE.methods
    assert (SERVICE.name, method.name) == (
        "envoy.service.accesslog.v3.AccessLogService",
        "StreamAccessLogs",
    )
    assert method.converse is stream


def test_each_message_is_one_report_of_its_entries():
    door = Door()
    before = counted()

    assert door.send(http("/1", "/2"), http("/3")) == [b""]
    assert door.batches == [[of_http("/1"), of_http("/2")], [of_http("/3")]]
    assert since(before) == {("http", "reported"): 3}


def test_a_stream_without_entries_reports_nothing():
    door = Door()
    assert door.send() == [b""]
    assert door.send(StreamAccessLogsMessage(), identified("n", "l")) == [b""]
    assert door.batches == []


def test_who_sends_is_said_once_and_holds_for_the_stream():
    door = Door()
    door.send(http("/1", node="n", log="mesh"), http("/2"))
    assert door.batches == [
        [of_http("/1", node="n", log="mesh")],
        [of_http("/2", node="n", log="mesh")],
    ]


def test_streams_do_not_share_who_sends():
    door = Door()
    door.send(http("/1", node="n", log="mesh"))
    door.send(http("/2"))
    assert door.batches[1] == [of_http("/2")]


@pytest.mark.parametrize(
    "kind", ["DownstreamStart", "DownstreamPeriodic", "UpstreamPoolReady", "UpstreamEnd"]
)
def test_a_request_is_not_reported_before_its_end(kind):
    door = Door()
    before = counted()
    door.send(http("/1", "/1", kind=kind), http("/1"))
    assert door.batches == [[of_http("/1")]]
    assert since(before) == {("http", "intermediate"): 2, ("http", "reported"): 1}


def test_a_connection_is_reported_along_its_life():
    door = Door()
    before = counted()
    door.send(
        tcp("TcpUpstreamConnected", 10),
        tcp("TcpPeriodic", 30),
        tcp("TcpPeriodic", 7, "other"),
        tcp("TcpConnectionEnd", 31),
    )
    assert door.batches == [
        [(10, {"protocol": "tcp", "event": "open"})],
        [(20, {"protocol": "tcp", "event": "continue"})],
        [(7, {"protocol": "tcp", "event": "continue"})],
        [(1, {"protocol": "tcp", "event": "close"})],
    ]
    assert since(before) == {("tcp", "reported"): 4}


def test_the_time_is_that_of_arrival():
    door = Door(value="context.time")
    door.time.advance(2.5)
    door.send(http("/1"))
    [[(value, _)]] = door.batches
    assert value == Timestamp.parse("2019-06-01T10:00:02.5Z")


@pytest.mark.parametrize("data", [b"\x0a\xff", b"garbage", b"\x12\x05abc"])
def test_a_message_that_cannot_be_read_is_lost_and_no_more(data):
    door = Door()
    before = counted()
    assert door.send(http("/1", node="n"), data, http("/2")) == [b""]
    assert door.batches == [[of_http("/1", node="n")], [of_http("/2", node="n")]]
    assert since(before) == {("http", "reported"): 2, "unreadable": 1}


class AtMost:
    """Refuses what costs more."""

    def __init__(self, most):
        self.most = most
        self.costs = []

    def __call__(self, cost):
        self.costs.append(cost)
        if cost > self.most:
            raise OverloadedError


def test_what_load_shedding_refuses_is_lost_and_no_more():
    admit = AtMost(2)
    door = Door(admit=admit)
    before = counted()
    door.send(http("/1"), http("/2", "/3", "/4"), http("/5", "/6"))
    assert door.batches == [[of_http("/1")], [of_http("/5"), of_http("/6")]]
    assert admit.costs == [1, 3, 2]
    assert since(before) == {("http", "reported"): 3, ("http", "overloaded"): 3}


def test_entries_that_are_passed_over_cost_nothing():
    admit = AtMost(0)
    Door(admit=admit).send(http("/1", kind="DownstreamStart"))
    assert admit.costs == []


def test_bytes_of_a_refused_report_are_in_the_next_one():
    refused = iter([None, OverloadedError(), None])

    def admit(_cost):
        error = next(refused)
        if error is not None:
            raise error

    door = Door(admit=admit)
    door.send(tcp("TcpPeriodic", 10), tcp("TcpPeriodic", 25), tcp("TcpConnectionEnd", 30))
    assert [value for [(value, _)] in door.batches] == [10, 20]


def test_what_an_adapter_fails_on_is_lost_and_no_more():
    failing = iter([ValueError("the disk is full"), None])

    def answer(_instances):
        error = next(failing)
        if error is not None:
            raise error

    door = Door(answer=answer)
    before = counted()
    door.send(http("/1", "/2"), http("/3"))
    assert since(before) == {("http", "failed"): 2, ("http", "reported"): 1}


def test_the_next_message_is_not_read_before_the_last_one_is_reported():
    events = []
    door = Door(answer=lambda _instances: events.append("reported"))

    def messages():
        for path in ("/1", "/2"):
            events.append("read")
            yield http(path).SerializeToString()
        events.append("ended")

    answers = stream(messages(), lambda: door.runtime.dispatcher, admit_all)
    assert list(answers) == [b""]
    assert events == ["read", "reported", "read", "reported", "ended"]


def test_a_change_of_the_configuration_holds_from_the_next_message_on():
    first, second = Door(), Door()
    dispatchers = iter([first.runtime.dispatcher, second.runtime.dispatcher])
    messages = (http(path).SerializeToString() for path in ("/1", "/2"))
    list(stream(messages, lambda: next(dispatchers), admit_all))
    assert (first.batches, second.batches) == ([[of_http("/1")]], [[of_http("/2")]])


def test_losses_are_said_in_the_log_but_not_each_of_them(caplog):
    door = Door(admit=AtMost(0))
    before = counted()

    def messages():
        yield http("/1").SerializeToString()
        door.time.advance(9)
        yield b"garbage"
        yield http("/2", "/3").SerializeToString()
        door.time.advance(1)
        yield http("/4").SerializeToString()

    with caplog.at_level(logging.WARNING):
        list(stream(messages(), lambda: door.runtime.dispatcher, door.admit, door.time.clock))
    assert caplog.messages == [
        "access log: lost 1 http entries, 0 losses unsaid before: "
        "Server is currently overloaded. Please try again.",
        "access log: lost 1 http entries, 2 losses unsaid before: "
        "Server is currently overloaded. Please try again.",
    ]
    assert since(before) == {("http", "overloaded"): 4, "unreadable": 1}


DOOR = Door()


@given(st.lists(st.binary(max_size=200), max_size=3))
def test_no_bytes_end_a_stream(messages):
    assert DOOR.send(*messages) == [b""]
