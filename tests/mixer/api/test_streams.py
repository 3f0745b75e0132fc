"""Streams over a real channel: their threads, their limit, their end, and what they may raise."""

import threading
from contextlib import contextmanager

import grpc
import pytest

from mixer import monitoring
from mixer.api.service import Service, Stream, Unary
from mixer.api.servicer import Backend
from mixer.api.throttle import Throttle
from mixer.errors import DispatchError, RequestError
from mixer.server.grpc_transport import GrpcTransport
from mixer.server.options import ServerOptions
from mixer.status import Code
from tests.integration.spy import Spy, runtime_of
from tests.patience import SOON_S


def echo(requests, current, admit):
    """Answers each message with itself; some words have it fail."""
    for request in requests:
        if request == b"unreadable":
            raise RequestError("what is that?")
        if request == b"undecided":
            raise DispatchError("nobody knows")
        if request == b"faulty":
            raise KeyError("secret")
        admit(1)
        assert current() is not None
        yield request
    yield b"end"


ECHO = Service(
    name="test.Echo",
    methods=(
        Stream(name="Talk", converse=echo, on_failure=Code.ABORTED),
        Unary(name="Say", answer=lambda request, _dispatcher, _admit: request),
    ),
)


@contextmanager
def served(folder, **options):
    settings = ServerOptions(address=f"unix:{folder}/s", **options)
    transport = GrpcTransport(settings, [ECHO], Backend(runtime_of(Spy()), Throttle()))
    transport.start()
    with grpc.insecure_channel(transport.address) as channel:
        yield transport, channel.stream_stream("/test.Echo/Talk"), channel
    transport.stop(0)


class Client:
    """One stream, whose messages are sent when a test wants."""

    def __init__(self, talk):
        self._next = threading.Semaphore(0)
        self._messages = []
        self.answers = talk(self._requests(), timeout=SOON_S)

    def _requests(self):
        while True:
            self._next.acquire()
            message = self._messages.pop(0)
            if message is None:
                return
            yield message

    def send(self, message):
        self._messages.append(message)
        self._next.release()

    def ask(self, message):
        self.send(message)
        return next(self.answers)

    def close(self):
        self.send(None)
        return list(self.answers)


def test_each_message_is_answered_when_it_comes_until_the_client_ends(tmp_path):
    with served(tmp_path) as (_, talk, _channel):
        client = Client(talk)
        assert client.ask(b"1") == b"1"
        assert client.ask(b"2") == b"2"
        assert client.close() == [b"end"]


def test_streams_take_no_thread_from_other_calls(tmp_path):
    with served(tmp_path, worker_threads=1) as (_, talk, channel):
        clients = [Client(talk) for _ in range(5)]
        assert [client.ask(b"hello") for client in clients] == [b"hello"] * 5
        assert channel.unary_unary("/test.Echo/Say")(b"hi", timeout=SOON_S) == b"hi"
        assert monitoring.REGISTRY.get_sample_value("mixer_streams") == 5
        assert [client.close() for client in clients] == [[b"end"]] * 5


def test_a_stream_too_many_is_refused_and_the_others_go_on(tmp_path):
    with served(tmp_path, max_streams=1) as (_, talk, _channel):
        first, second = Client(talk), None
        assert first.ask(b"1") == b"1"
        second = Client(talk)
        with pytest.raises(grpc.RpcError) as refused:
            second.ask(b"2")
        assert refused.value.code() is grpc.StatusCode.UNAVAILABLE
        assert first.ask(b"3") == b"3"
        assert first.close() == [b"end"]


FAILURES = [
    (b"unreadable", grpc.StatusCode.INTERNAL, "what is that?"),
    (b"undecided", grpc.StatusCode.ABORTED, "nobody knows"),
    (b"faulty", grpc.StatusCode.INTERNAL, "internal error"),
]


@pytest.mark.parametrize(("message", "code", "text"), FAILURES)
def test_what_a_conversation_raises_ends_its_stream_only(tmp_path, message, code, text):
    with served(tmp_path) as (_, talk, _channel):
        other, failing = Client(talk), Client(talk)
        assert other.ask(b"1") == b"1"
        with pytest.raises(grpc.RpcError) as raised:
            failing.ask(message)
        assert (raised.value.code(), raised.value.details()) == (code, text)
        assert other.ask(b"2") == b"2"
        assert other.close() == [b"end"]


def test_a_stop_does_not_wait_for_streams_on_which_nothing_comes(tmp_path):
    with served(tmp_path) as (transport, talk, _channel):
        client = Client(talk)
        assert client.ask(b"1") == b"1"
        stopping = threading.Thread(target=transport.stop, args=(60,))
        stopping.start()
        with pytest.raises(grpc.RpcError):
            next(client.answers)
        stopping.join(SOON_S)
        assert not stopping.is_alive()
