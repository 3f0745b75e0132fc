"""What every adapter that talks to a server must stand."""

import time
from abc import abstractmethod
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, ClassVar, Final

from mixer.adapter.env import Clock, Env, ThreadScheduler
from mixer.adapter.testing.battery import Battery
from mixer.adapter.testing.link import Link
from mixer.attribute.value import Duration
from mixer.errors import AWAY
from mixer.isolation.isolation import Isolation
from mixer.isolation.options import IsolationOptions

_TIMEOUT_S: Final = 0.3
_PAUSE_S: Final = 0.1
_MARGIN_S: Final = 1.0
"""What a busy machine may take beside the deadline."""

_TIGHT: Final = IsolationOptions(
    timeout=Duration(round(_TIMEOUT_S * 1e9)), breaker_pause=Duration(round(_PAUSE_S * 1e9))
)
_GENEROUS: Final = IsolationOptions(timeout=Duration.parse("10s"))
"""For a server that is there, on a machine that is busy."""


class BackendBattery(Battery):
    """The tests of `Battery`, and those with a server that is down, hangs, and comes back.

        class TestWebhook(BackendBattery):
            info = INFO

            def backend(self):
                return running_server()  # a context manager that gives HOST:PORT

            def params_for(self, address):
                return Params(url=f"http://{address}/check")

            def ask(self, handler):
                return handler.handle_checknothing(VISIT)

    Calls are bounded as in a server, if the adapter says that it may block.
    """

    answers_without: ClassVar[bool] = False
    """Whether calls succeed while the server is away, because something else takes its place."""
    soon_s: ClassVar[float] = 15.0
    """How long it may take until a server that is back is asked again."""
    call_count = 2_000

    @abstractmethod
    def backend(self) -> AbstractContextManager[str]:
        """Runs a server; gives its `HOST:PORT`."""

    @abstractmethod
    def params_for(self, address: str) -> object:
        """Params of a handler that talks to the server at `HOST:PORT`."""

    def params(self) -> object:
        """See `Battery.params`; for what needs no server."""
        return self.params_for("127.0.0.1:9")

    @contextmanager
    def handler(self) -> Iterator[Any]:
        """A handler that talks to a server which is there."""
        with self._linked() as link, self._served(link.address, _GENEROUS) as handler:
            yield handler

    @contextmanager
    def _linked(self) -> Iterator[Link]:
        with self.backend() as address, Link(address) as link:
            yield link

    @contextmanager
    def _served(self, address: str, bounds: IsolationOptions = _TIGHT) -> Iterator[Any]:
        """As in a server: with real time, threads for regular work, and bounds."""
        name = f"{self.info.name}.test"
        scheduler, clock = ThreadScheduler(name), Clock()
        env = Env(handler=name, scheduler=scheduler, instances=self.instances, clock=clock)
        isolation = Isolation(name, bounds, clock.monotonic) if self.info.may_block else None
        handler = self.info.build(self.params_for(address), env)
        try:
            self.info.check_handler(handler)
            yield handler if isolation is None else _Bounded(handler, isolation)
        finally:
            if isolation is not None:
                isolation.close()
            begun = time.monotonic()
            getattr(handler, "close", lambda: None)()
            scheduler.close()
            assert time.monotonic() - begun < self.soon_s, "closing takes too long"

    def _asks_in_time(self, handler: Any) -> bool:
        """Whether a call succeeds; it must end soon either way, and fail as it should."""
        begun = time.monotonic()
        try:
            self.ask(handler)
        except AWAY:
            succeeded = False
        else:
            succeeded = True
        elapsed = time.monotonic() - begun
        assert elapsed < _TIMEOUT_S + _MARGIN_S, f"a call took {elapsed:.1f} s"
        return succeeded

    def _asks_until_it_succeeds(self, handler: Any) -> None:
        end = time.monotonic() + self.soon_s
        while not self._asks_in_time(handler):
            assert time.monotonic() < end, "the server is back, and is not asked again"
            time.sleep(_PAUSE_S / 2)

    def test_it_starts_without_its_server_and_finds_it_later(self) -> None:
        """A Mixer must be able to start while a server is down."""
        with self._linked() as link:
            link.cut()
            with self._served(link.address) as handler:
                assert self._asks_in_time(handler) is self.answers_without
                link.mend()
                self._asks_until_it_succeeds(handler)

    def test_it_stands_a_server_that_dies_and_comes_back(self) -> None:
        """Several times over, and each call is over in time."""
        self._stands(Link.cut)

    def test_it_stands_a_server_that_hangs(self) -> None:
        """Each call is over in time."""
        self._stands(Link.stall)

    def _stands(self, hurt: Callable[[Link], None]) -> None:
        with self._linked() as link, self._served(link.address) as handler:
            for _ in range(2):
                self._asks_until_it_succeeds(handler)
                hurt(link)
                for _ in range(8):
                    assert self._asks_in_time(handler) is self.answers_without
                link.mend()
            self._asks_until_it_succeeds(handler)

    def test_it_closes_while_its_server_hangs(self) -> None:
        """What waits for the server must not keep a Mixer from stopping."""
        with self._linked() as link:
            with self._served(link.address) as handler:
                self._asks_until_it_succeeds(handler)
                link.stall()
                self._asks_in_time(handler)
            link.mend()


class _Bounded:
    """A handler whose methods are bounded as those of a server's handlers."""

    def __init__(self, handler: Any, isolation: Isolation) -> None:
        self._handler = handler
        self._isolation = isolation

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return self._isolation.around(getattr(self._handler, name))
