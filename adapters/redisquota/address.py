"""Where Redis is: the forms of `redis_server_url`."""

from dataclasses import dataclass
from typing import Final, Self
from urllib.parse import SplitResult, unquote, urlsplit

_SCHEMES: Final = ("redis", "rediss", "unix", "redis+cluster", "rediss+cluster")


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A Redis, or the nodes of a cluster of which one at least should be there."""

    urls: tuple[str, ...]
    """One for each node, in the form that the client library reads."""
    is_cluster: bool
    is_encrypted: bool
    user: str | None
    has_password: bool

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads a URL, or Mixer's `HOST:PORT`. Raises ValueError that says what is wrong.

        The text may hold a password, so no error repeats it.
        """
        if "://" not in text:
            text = f"redis://{text}"
        url = urlsplit(text)
        if url.scheme not in _SCHEMES:
            raise ValueError(f"want HOST:PORT, or a URL of {', '.join(_SCHEMES)}")
        if url.query or url.fragment:
            raise ValueError("must not have anything after ? or #; params say what is special")
        scheme, _, cluster = url.scheme.partition("+")
        if scheme == "unix":
            _check_socket(url)
        else:
            _check_database(url, is_cluster=bool(cluster))
        user, at, hosts = url.netloc.rpartition("@")
        nodes = hosts.split(",") if cluster else [hosts]
        return cls(
            urls=tuple(_node(scheme, user + at + node, url.path) for node in nodes),
            is_cluster=bool(cluster),
            is_encrypted=scheme == "rediss",
            user=unquote(url.username) if url.username else None,
            has_password=bool(url.password),
        )


def _check_socket(url: SplitResult) -> None:
    if url.hostname or not url.path.strip("/"):
        raise ValueError("want unix:///PATH of a socket")


def _check_database(url: SplitResult, *, is_cluster: bool) -> None:
    database = url.path.strip("/")
    if database and not database.isdecimal():
        raise ValueError("after the host only the number of a database may stand")
    if database and is_cluster:
        raise ValueError("a cluster has no databases to choose from")


def _node(scheme: str, netloc: str, path: str) -> str:
    url = SplitResult(scheme, netloc, path, "", "")
    if scheme != "unix" and not url.hostname:
        raise ValueError("a host is missing")
    try:
        _ = url.port
    except ValueError as error:
        raise ValueError("a port must be a number from 0 to 65535") from error
    return f"{scheme}://{netloc}{path}"
