"""The way to Redis: connects at need, runs scripts, and makes one error of all that fails."""

import contextlib
import threading
from collections.abc import Callable, Sequence
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

from adapters.call_out import SecretFile
from adapters.redisquota.address import Address
from adapters.redisquota.params import Params, Tls
from adapters.redisquota.script import Script
from mixer.adapter import UnavailableError, needs_extra

with needs_extra("redis"):
    from redis import BlockingConnectionPool, Redis, RedisCluster, RedisError
    from redis.backoff import NoBackoff
    from redis.cluster import ClusterNode
    from redis.credentials import CredentialProvider
    from redis.exceptions import NoScriptError, RedisClusterException
    from redis.retry import Retry

_FAILURES: Final = (RedisError, RedisClusterException, OSError)
_POOL_SIZE: Final = 10
_PORT: Final = 6379
_RESP2: Final = 2
"""The older protocol needs no handshake before the first command."""

Argument = str | int


class Scripts(Protocol):
    """Whoever can run scripts."""

    def run(self, script: Script, keys: Sequence[str], arguments: Sequence[Argument]) -> list[int]:
        """What the script gives. Raises UnavailableError when Redis is down, slow or refuses."""

    def close(self) -> None:
        """Gives up all connections."""


class RedisClient:
    """A Redis or a cluster of them. Safe for use by many threads."""

    def __init__(self, params: Params, monotonic: Callable[[], float]) -> None:
        """Connects to nothing. Raises OSError or ValueError for a bad `password_file`."""
        self._address = Address.parse(params.redis_server_url)
        self._timeout_s = params.timeout.seconds
        self._options = _options(params, self._address, monotonic)
        self._making = threading.Lock()
        self._is_closed = False
        self._client: Any = None

    def run(self, script: Script, keys: Sequence[str], arguments: Sequence[Argument]) -> list[int]:
        """See `Scripts.run`; one round trip, and another one if Redis has forgotten the script."""
        client = self._client or self._connected()
        try:
            try:
                answer = client.evalsha(script.sha, len(keys), *keys, *arguments)
            except NoScriptError:
                answer = client.eval(script.text, len(keys), *keys, *arguments)
        except _FAILURES as error:
            raise UnavailableError(_message(error)) from error
        return list(answer)

    def close(self) -> None:
        """See `Scripts.close`."""
        with self._making:
            self._is_closed = True
            client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(*_FAILURES):
                client.close()

    def _connected(self) -> Any:
        """The client. That of a cluster asks for the nodes when it is made: one thread does so."""
        if not self._making.acquire(timeout=self._timeout_s):
            raise UnavailableError("Redis: no connection within the timeout")
        try:
            if self._is_closed:
                raise UnavailableError("Redis: the handler is closed")
            if self._client is None:
                self._client = self._new_client()
            client = self._client
        except _FAILURES as error:
            raise UnavailableError(_message(error)) from error
        finally:
            self._making.release()
        return client

    def _new_client(self) -> Any:
        first, *others = self._address.urls
        if not self._address.is_cluster:
            pool = BlockingConnectionPool.from_url(first, retry=_never(), **self._options)
            return Redis(connection_pool=pool)
        nodes = [_cluster_node(url) for url in others]
        return RedisCluster.from_url(
            first,
            startup_nodes=nodes,
            retry=_never(),
            connection_pool_class=BlockingConnectionPool,
            **self._options,
        )


class _PasswordFile(CredentialProvider):
    """Gives the password of the moment to each new connection."""

    def __init__(self, user: str | None, file: SecretFile) -> None:
        self._user = user
        self._file = file

    def get_credentials(self) -> tuple[str] | tuple[str, str]:
        return (self._user, self._file.text) if self._user else (self._file.text,)


def _options(params: Params, address: Address, monotonic: Callable[[], float]) -> dict[str, object]:
    timeout_s = params.timeout.seconds
    options: dict[str, object] = {
        "max_connections": params.connection_pool_size or _POOL_SIZE,
        "timeout": timeout_s,
        "socket_timeout": timeout_s,
        "socket_connect_timeout": timeout_s,
        "protocol": _RESP2,
        "driver_info": None,
    }
    if address.is_encrypted:
        options.update(_tls(params.tls or Tls()))
    if params.password_file:
        file = SecretFile(params.password_file, monotonic)
        options["credential_provider"] = _PasswordFile(address.user, file)
    return options


def _tls(tls: Tls) -> dict[str, object]:
    return {
        "ssl_ca_certs": tls.ca or None,
        "ssl_certfile": tls.client_certificate or None,
        "ssl_keyfile": tls.client_key or None,
    }


def _never() -> Retry:
    # A call without an id that is made again may count twice; and a request does not wait.
    return Retry(NoBackoff(), 0)


def _cluster_node(url: str) -> ClusterNode:
    found = urlsplit(url)
    return ClusterNode(found.hostname, found.port or _PORT)  # type: ignore[no-untyped-call]


def _message(error: Exception) -> str:
    return f"Redis: {type(error).__name__}: {error}"
