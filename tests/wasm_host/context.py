"""What the functions of the host act upon: the root, or one stream."""

from collections import ChainMap
from collections.abc import Callable, Mapping
from enum import Enum

from tests.wasm_host.abi import HeaderMap
from tests.wasm_host.headers import Headers
from tests.wasm_host.local_reply import LocalReply
from tests.wasm_host.properties import Path, Properties, Value, encoded, find, of_request

Later = Callable[[], None]
"""What Envoy does when the callback is over."""


class StreamState(Enum):
    """What has become of a request."""

    NEW = "new"
    CONTINUED = "continued"
    HELD = "held"
    REPLIED = "replied"


class Context:
    """One id of the module's, and what it may see now."""

    def __init__(self, number: int, properties: Mapping[Path, Value]) -> None:
        self.id = number
        self.properties = properties
        self.maps: dict[HeaderMap, Headers] = {}
        """The headers that can be changed now, read, and asked for their size."""
        self.logged: dict[HeaderMap, Headers] | None = None
        """In the log callback: the headers that can be read."""
        self.request = Headers()

    def readable(self, which: HeaderMap) -> Headers | None:
        """The headers that can be read now."""
        return (self.maps if self.logged is None else self.logged).get(which)

    def property(self, path: str) -> bytes | None:
        """The bytes at a path; None if there is nothing. Raises UnserializableError."""
        value = find(self.properties, path)
        return of_request(self.request, path) if value is None else encoded(value)


class StreamContext(Context):
    """A request and its response."""

    def __init__(
        self, number: int, request: Headers, own: Properties, common: Mapping[Path, Value]
    ) -> None:
        """`own` are the request's properties, `common` those of all."""
        super().__init__(number, ChainMap(own, common))  # type: ignore[arg-type]
        self.own_properties = own
        self.request = request
        self.response = Headers()
        self.state = StreamState.NEW
        self.reply: LocalReply | None = None
        self.route_choices = 0
        """How often the route was to be chosen anew."""
        self.set_properties: dict[str, bytes] = {}
        """What the module has set, by path."""

    def go_on(self) -> None:
        """Lets a request go on that is held."""
        self.maps.pop(HeaderMap.REQUEST, None)
        if self.state is StreamState.HELD:
            self.state = StreamState.CONTINUED
