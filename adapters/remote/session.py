"""What goes to the back end as `adapter_config` of each call.

Mixer 1.4 defines sessions and never makes one; what goes with calls in a session is as its
`infrastructure_backend.proto` and the comments of its services have it. That a back end answers
NOT_FOUND to a session that it does not know, and then gets a new one, is ours. A back end that has
no sessions is called as Mixer 1.4 calls all that are session based: with nothing.
"""

import threading
from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

from google.protobuf.any_pb2 import Any as WireAny
from prometheus_client import Counter

from adapters.remote.client import Client, RemoteError, UnimplementedError
from mixer.adapter import Env, InstanceType
from mixer.errors import MixerError
from mixer.status import code_name
from mixer.template.wire import METHODS, write_types
from protos.mixer.adapter.v1beta1 import model_pb2 as model

_SESSIONS: Final = Counter(
    "mixer_adapter_remote_sessions",
    "Sessions that remote adapters have made.",
    ["handler"],
)
_SERVICE: Final = "/istio.mixer.adapter.model.v1beta1.InfrastructureBackend"
_SESSION_URL: Final = "google.protobuf.Any.type_url"


class Configuration(Protocol):
    """Gives what goes with a call."""

    def current(self) -> WireAny | None:
        """The message; None when there is nothing to tell."""

    def forget(self, used: WireAny | None) -> bool:
        """Takes note that the back end does not know it; says whether `current` gives another."""

    def close(self) -> None:
        """Tells the back end that no more calls will come."""


class Fixed:
    """The params themselves, with every call."""

    def __init__(self, config: WireAny | None) -> None:
        self._config = config

    def current(self) -> WireAny | None:
        """See `Configuration.current`."""
        return self._config

    def forget(self, _used: WireAny | None) -> bool:
        """There is no other."""
        return False

    def close(self) -> None:
        """Nothing was begun."""


class Session:
    """The id of a session, which is made when it is first needed."""

    def __init__(self, client: Client, config: WireAny | None, env: Env) -> None:
        self._client = client
        self._told: dict[str, Any] = {
            "adapter_config": config,
            "inferred_types": _types(env.instances),
        }
        self._count = _SESSIONS.labels(env.handler)
        self._validate = client.method(f"{_SERVICE}/Validate", model.ValidateResponse)
        self._create = client.method(f"{_SERVICE}/CreateSession", model.CreateSessionResponse)
        self._close = client.method(f"{_SERVICE}/CloseSession", model.CloseSessionResponse)
        self._lock = threading.Lock()
        self._config: WireAny | None = None
        self._has_sessions = True

    def current(self) -> WireAny | None:
        """See `Configuration.current`.

        Raises what `Client.call` raises, and RemoteError when the back end refuses its params.
        """
        if (config := self._config) is not None or not self._has_sessions:
            return config
        with self._lock:
            if self._config is None and self._has_sessions:
                try:
                    made = self._made()
                except UnimplementedError:
                    self._has_sessions = False
                    return None
                self._config = WireAny(type_url=_SESSION_URL, value=made.encode())
                self._count.inc()
            return self._config

    def _made(self) -> str:
        self._ask(self._validate, model.ValidateRequest(**self._told))
        answer = self._ask(self._create, model.CreateSessionRequest(**self._told))
        session: str = answer.session_id
        return session

    def _ask(self, method: Callable[..., Any], request: Any) -> Any:
        answer = self._client.call(method, request, may_repeat=True)
        if answer.status.code:
            said = f"{code_name(answer.status.code)}: {answer.status.message}"
            raise RemoteError(f"the back end refuses its params: {said}")
        return answer

    def forget(self, used: WireAny | None) -> bool:
        """See `Configuration.forget`."""
        with self._lock:
            if self._config is used:
                self._config = None
            return self._has_sessions

    def close(self) -> None:
        """Closes the session, if the back end can be reached."""
        with self._lock:
            config, self._config = self._config, None
        if config is None:
            return
        request = model.CloseSessionRequest(session_id=config.value.decode())
        try:
            self._client.call(self._close, request, may_repeat=False)
        except MixerError:
            return  # a back end that is away has no session either


def _types(instances: Mapping[str, InstanceType]) -> dict[str, WireAny]:
    types: dict[str, WireAny] = {}
    for name, instance in instances.items():
        message = METHODS[instance.template].type()
        write_types(message, instance.fields)
        types[name] = WireAny()
        types[name].Pack(message, deterministic=True)
    return types
