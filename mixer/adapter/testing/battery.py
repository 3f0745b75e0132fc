"""What every adapter must stand."""

import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar, Final

from mixer.adapter.info import Info
from mixer.adapter.instance_type import InstanceType
from mixer.adapter.testing.clock import FakeClock
from mixer.adapter.testing.memory import kept_bytes
from mixer.adapter.testing.start import start

_OUTSIDE: Final = frozenset(
    {"open", "os.mkdir", "os.remove", "socket.connect", "socket.bind", "subprocess.Popen"}
)
"""Audit events of what `validate` must not do."""
_SOON_S: Final = 10.0


class Battery:
    """Tests for a test class to inherit, which pytest then finds; nothing of it is for servers.

        class TestOpeningHours(Battery):
            info = INFO
            bad_params = (Params(opens=18, closes=8),)

            def ask(self, handler):
                return handler.handle_checknothing(VISIT)

    Threads and memory are those of the process, so run them alone if other tests leave some behind.
    """

    info: ClassVar[Info]
    """The adapter."""
    bad_params: ClassVar[tuple[object, ...]] = ()
    """Params that `validate` must refuse."""
    instances: ClassVar[Mapping[str, InstanceType]] = {}
    """The instances that rules send, by full name."""
    call_count: ClassVar[int] = 100_000
    """How many calls must not need more memory."""
    growth_bytes: ClassVar[int] = 256 * 1024
    """How much memory all these calls may keep."""

    def params(self) -> object:
        """Params with which the handler works."""
        return self.info.params()

    def ask(self, handler: Any) -> object:
        """One call, as a request would make it."""
        raise NotImplementedError

    @contextmanager
    def handler(self) -> Iterator[Any]:
        """A handler with `params`, and time that stands still."""
        with start(self.info, self.params(), instances=self.instances, clock=FakeClock()) as made:
            yield made

    def test_it_says_what_is_wrong_with_its_params(self) -> None:
        """Each fault has a message, and a field that the params have."""
        for params in self.bad_params:
            errors = list(self.info.validate(params, self.instances))
            assert errors, f"accepted: {params}"
            for error in errors:
                assert error.message, params
                name = error.field.partition(".")[0].partition("[")[0]
                assert not name or hasattr(params, name), f"no field {name} in {params}"

    def test_it_accepts_good_params_without_touching_anything_outside(self) -> None:
        """`mixs validate` runs where no server is, and must not have effects."""
        touched: list[str] = []
        validate = self.info.validate
        params = self.params()
        with _audit(touched):
            errors = list(validate(params, self.instances))
        assert not errors
        assert not touched, f"validate touches the outside: {touched}"

    def test_its_handler_answers_and_closes(self) -> None:
        """Twice: what one leaves behind must not hinder the next."""
        for _ in range(2):
            with self.handler() as handler:
                self.ask(handler)

    def test_it_is_called_by_many_threads(self) -> None:
        """Nothing is raised, and nobody waits for good."""
        errors: list[BaseException] = []

        def calls(handler: Any) -> None:
            try:
                for _ in range(50):
                    self.ask(handler)
            except BaseException as error:
                errors.append(error)

        with self.handler() as handler:
            _run_all([threading.Thread(target=calls, args=(handler,)) for _ in range(8)])
        assert not errors, errors[0]

    def test_it_closes_while_it_is_called(self) -> None:
        """Calls may fail then; closing must not, and must end."""
        over = threading.Event()

        def calls(handler: Any) -> None:
            while not over.is_set():
                try:
                    self.ask(handler)
                except Exception:  # noqa: S112 - whatever it says, it is closed
                    continue

        threads: list[threading.Thread] = []
        try:
            with self.handler() as handler:
                threads += [threading.Thread(target=calls, args=(handler,)) for _ in range(4)]
                for thread in threads:
                    thread.start()
        finally:
            over.set()
        for thread in threads:
            thread.join(_SOON_S)
            assert not thread.is_alive(), "a call hangs after close"

    def test_many_calls_need_no_more_memory_than_few(self) -> None:
        """What a request leaves behind must go with it."""
        with self.handler() as handler:
            self._ask_often(handler, self.call_count // 10)
            kept = kept_bytes(lambda: self._ask_often(handler, self.call_count), self.growth_bytes)
        assert kept <= self.growth_bytes, f"{kept} bytes more after {self.call_count} calls"

    def _ask_often(self, handler: Any, count: int) -> None:
        for _ in range(count):
            self.ask(handler)


def _run_all(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(_SOON_S)
        assert not thread.is_alive(), "a call hangs"


_auditors: Final[dict[int, list[str]]] = {}
"""Where events of a thread go; hooks can't be taken away again, so there is one for all."""


def _hook(event: str, _arguments: tuple[object, ...]) -> None:
    if event in _OUTSIDE and (events := _auditors.get(threading.get_ident())) is not None:
        events.append(event)


_hooked: Final[list[bool]] = []


@contextmanager
def _audit(events: list[str]) -> Iterator[None]:
    """Notes what this thread does to the outside meanwhile."""
    if not _hooked:
        sys.addaudithook(_hook)
        _hooked.append(True)
    _auditors[threading.get_ident()] = events
    try:
        yield
    finally:
        del _auditors[threading.get_ident()]
