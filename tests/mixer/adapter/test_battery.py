"""The battery finds what it is there to find: each fault fails the test that is about it."""

import contextlib
import socketserver
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from mixer.adapter import CheckResult, Info, ParamError, UnavailableError
from mixer.adapter.testing import BackendBattery, Battery, Link
from mixer.template import checknothing
from tests.patience import SOON_S

INSTANCE = checknothing.Instance(name="i.instance.ns")


@dataclass(frozen=True, kw_only=True)
class Params:
    """What the adapters here are told."""

    address: str = ""
    limit: int = 1


class Good:
    """A handler without faults."""

    def __init__(self, params, env):
        pass

    def handle_checknothing(self, instance):
        return CheckResult()


def complain(params, _instances):
    if params.limit < 0:
        yield ParamError(field="limit", message="must not be negative")


def battery_of(handler=Good, validate=complain, calls=2_000):
    """A battery, ready to run, for an adapter of that handler."""

    class Made(Battery):
        info = Info(
            name="made",
            description="Made.",
            templates=(checknothing.TEMPLATE,),
            params=Params,
            build=handler,
            validate=validate,
        )
        bad_params = (Params(limit=-1),)
        call_count = calls

        def ask(self, handler):
            return handler.handle_checknothing(INSTANCE)

    return Made()


def failing(battery):
    """The tests that fail, by their names."""
    names = [name for name in dir(battery) if name.startswith("test_")]
    found = []
    for name in names:
        try:
            getattr(battery, name)()
        except Exception:
            found.append(name)
    return found


def test_an_adapter_without_faults_stands_all_of_it():
    assert failing(battery_of()) == []


def accept_all(_params, _instances):
    return ()


def name_no_field(params, _instances):
    if params.limit < 0:
        yield ParamError(field="limt", message="must not be negative")


def say_nothing(params, _instances):
    if params.limit < 0:
        yield ParamError(field="limit", message="")


@pytest.mark.parametrize("validate", [accept_all, name_no_field, say_nothing])
def test_bad_params_must_be_refused_by_field_and_in_words(validate):
    assert failing(battery_of(validate=validate)) == ["test_it_says_what_is_wrong_with_its_params"]


def refuse_all(_params, _instances):
    yield ParamError(field="limit", message="no")


def look_into_a_file(params, _instances):
    Path("/dev/null").read_text()
    yield from complain(params, ())


def test_good_params_must_be_accepted():
    assert "test_it_accepts_good_params_without_touching_anything_outside" in failing(
        battery_of(validate=refuse_all)
    )


def test_validate_must_touch_nothing():
    assert failing(battery_of(validate=look_into_a_file)) == [
        "test_it_accepts_good_params_without_touching_anything_outside"
    ]


class Leaking(Good):
    """Keeps what it was asked."""

    def __init__(self, params, env):
        self.kept = []

    def handle_checknothing(self, instance):
        self.kept.append(bytearray(1000))
        return CheckResult()


class Unclosable(Good):
    """Can't be closed."""

    def close(self):
        raise RuntimeError("not now")


class Lonely(Good):
    """Stands no second thread."""

    def __init__(self, params, env):
        self.owner = threading.get_ident()

    def handle_checknothing(self, instance):
        assert threading.get_ident() == self.owner
        return CheckResult()


@pytest.mark.parametrize(
    ("handler", "test"),
    [
        (Leaking, "test_many_calls_need_no_more_memory_than_few"),
        (Unclosable, "test_its_handler_answers_and_closes"),
        (Lonely, "test_it_is_called_by_many_threads"),
    ],
)
def test_handlers_with_a_fault_are_found(handler, test):
    assert test in failing(battery_of(handler))


class Echo(socketserver.StreamRequestHandler):
    """Answers each line with itself."""

    def handle(self):
        with contextlib.suppress(ConnectionError):
            for line in self.rfile:
                self.wfile.write(line)


class EchoServer(socketserver.ThreadingTCPServer):
    """With room for all connections that the battery makes at a time."""

    request_queue_size = 128
    daemon_threads = True


@contextlib.contextmanager
def echo_server():
    with EchoServer(("127.0.0.1", 0), Echo) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        host, port = server.server_address
        try:
            yield f"{host}:{port}"
        finally:
            server.shutdown()


class Asking:
    """Asks the echo server, by a new connection for each call."""

    timeout_s = 1.0

    def __init__(self, params, env):
        self._host, _, port = params.address.rpartition(":")
        self._port = int(port)

    def handle_checknothing(self, instance):
        import socket  # noqa: PLC0415

        address = (self._host, self._port)
        try:
            with socket.create_connection(address, timeout=self.timeout_s) as connection:
                connection.sendall(b"hello\n")
                if connection.recv(100) != b"hello\n":
                    raise UnavailableError("no answer")
        except OSError as error:
            raise UnavailableError(str(error)) from error
        return CheckResult()


class Patient(Asking):
    """Has no deadline of its own."""

    timeout_s = None


class Picky(Asking):
    """Needs its server to be made."""

    def __init__(self, params, env):
        super().__init__(params, env)
        self.handle_checknothing(INSTANCE)


class Resigned(Asking):
    """Never asks again once it has failed."""

    has_failed = False

    def handle_checknothing(self, instance):
        if self.has_failed:
            raise UnavailableError("gave up")
        try:
            return super().handle_checknothing(instance)
        except UnavailableError:
            self.has_failed = True
            raise


def backend_battery_of(handler, *, is_bounded=True):
    class Made(BackendBattery):
        info = Info(
            name="asking",
            description="Asks.",
            templates=(checknothing.TEMPLATE,),
            params=Params,
            build=handler,
            may_block=is_bounded,
        )
        call_count = 200
        soon_s = 2.0

        def backend(self):
            return echo_server()

        def params_for(self, address):
            return Params(address=address)

        def ask(self, handler):
            return handler.handle_checknothing(INSTANCE)

    return Made()


STARTS = "test_it_starts_without_its_server_and_finds_it_later"
DIES = "test_it_stands_a_server_that_dies_and_comes_back"
HANGS = "test_it_stands_a_server_that_hangs"


@pytest.mark.parametrize("handler", [Asking, Patient])
def test_an_adapter_that_may_block_stands_all_of_it(handler):
    assert failing(backend_battery_of(handler)) == []


def test_one_that_needs_its_server_to_start_is_found():
    with pytest.raises(UnavailableError):
        getattr(backend_battery_of(Picky), STARTS)()


@pytest.mark.parametrize("test", [STARTS, DIES, HANGS])
def test_one_that_never_asks_again_is_found(test):
    with pytest.raises(AssertionError, match="the server is back, and is not asked again"):
        getattr(backend_battery_of(Resigned), test)()


class Slow(Asking):
    """Waits longer than anybody should."""

    timeout_s = 3.0


def test_one_that_does_not_say_that_it_may_block_is_found():
    with pytest.raises(AssertionError, match="a call took"):
        getattr(backend_battery_of(Slow, is_bounded=False), HANGS)()


def ask_echo(address, timeout_s):
    import socket  # noqa: PLC0415

    host, _, port = address.rpartition(":")
    with socket.create_connection((host, int(port)), timeout=timeout_s) as connection:
        connection.sendall(b"x\n")
        return connection.recv(10)


class TestLink:
    """The way to a server."""

    def test_what_is_sent_arrives(self):
        with echo_server() as address, Link(address) as link:
            assert ask_echo(link.address, 5) == b"x\n"

    def test_when_it_is_cut_connections_are_refused_until_it_is_mended(self):
        with echo_server() as address, Link(address) as link:
            before = link.address
            link.cut()
            with pytest.raises(ConnectionRefusedError):
                ask_echo(link.address, 5)
            link.mend()
            assert link.address == before
            assert ask_echo(link.address, 5) == b"x\n"

    def test_when_it_stalls_nothing_arrives_until_it_is_mended(self):
        with echo_server() as address, Link(address) as link:
            link.stall()
            with pytest.raises(TimeoutError):
                ask_echo(link.address, 0.1)
            link.mend()
            assert ask_echo(link.address, 5) == b"x\n"

    def test_what_was_on_its_way_arrives_when_it_is_mended(self):
        with echo_server() as address, Link(address) as link:
            link.stall()
            answers = []
            asking = threading.Thread(target=lambda: answers.append(ask_echo(link.address, 5)))
            asking.start()
            time.sleep(0.05)
            assert answers == []
            link.mend()
            asking.join(SOON_S)
            assert answers == [b"x\n"]
