"""What takes the place of services and files: does nothing, and says that all is well.

Each has the methods of what it replaces that adapters call.
"""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, Final, NamedTuple

_SECOND_US: Final = 1_000_000
_SUCCESS: Final = SimpleNamespace(name="SUCCESS")
_POSTED: Final = (202, "")


class Redis:
    """In place of `redisquota`'s client: grants one."""

    def __init__(self, *_arguments: object) -> None:
        pass

    def run(self, _script: object, _keys: object, _arguments: object) -> list[int]:
        """Granted, valid for, used, reset in."""
        return [1, _SECOND_US, 1, _SECOND_US]

    def close(self) -> None:
        """Nothing is open."""


class Ledger:
    """In place of `metering`'s ledger: has never seen a record before."""

    def __init__(self, *_arguments: object, **_options: object) -> None:
        pass

    def append(self, records: Sequence[object]) -> int:
        """All are new."""
        return len(records)

    def close(self) -> None:
        """Nothing is open."""


class Http:
    """In place of the client of `webhook` and `opa-remote`: lets pass."""

    def __init__(self, *_arguments: object) -> None:
        pass

    def post(self, _body: bytes, *, may_repeat: bool) -> bytes:
        """What either understands."""
        del may_repeat
        return b'{"allow":true,"result":true}'

    def close(self) -> None:
        """Nothing is open."""


class BackEnd:
    """In place of `remote`'s client: an empty answer, which lets pass."""

    def __init__(self, *_arguments: object) -> None:
        pass

    def method(self, _path: str, response: type[Any]) -> type[Any]:
        """Its answer's type is all that is needed."""
        return response

    def call(self, method: type[Any], request: Any, *, may_repeat: bool) -> Any:
        """Makes bytes of the request and an answer of none, as a call does."""
        del may_repeat
        request.SerializeToString()
        return method.FromString(b"")

    def close(self) -> None:
        """Nothing is open."""


class _Exporter:
    def export(self, _batch: object) -> object:
        return _SUCCESS

    def shutdown(self) -> None:
        """Nothing is open."""


def exporters(_params: object) -> SimpleNamespace:
    """In place of those of `otlp`."""
    return SimpleNamespace(metrics=_Exporter(), logs=_Exporter(), traces=_Exporter())


class Sender:
    """In place of the connections of `fluentd` and `statsd`."""

    def __init__(self, *_arguments: object) -> None:
        pass

    def send(self, _batch: object) -> None:
        """Nothing is sent."""

    def cut(self) -> None:
        """Nothing is open."""

    close = cut


def posted(_reporter: object, _spans: object) -> tuple[int, str]:
    """In place of `zipkin`'s posts."""
    return _POSTED


class File:
    """In place of files that are appended to."""

    def __init__(self, *_arguments: object, **_options: object) -> None:
        pass

    def write(self, _lines: bytes) -> None:
        """Nothing is written."""

    def close(self) -> None:
        """Nothing is open."""


class Resource(NamedTuple):
    """In place of one kind of object."""

    name: str


def resources(_path: str) -> tuple[Resource, ...]:
    """In place of the client of Kubernetes."""
    return tuple(map(Resource, ("pods", "replicasets", "replicationcontrollers", "services")))


class Informer:
    """In place of what lists and watches the objects of one kind: two pods of one deployment."""

    def __init__(self, resource: Any, objects: Any, *_arguments: object) -> None:
        objects.replace(_OBJECTS.get(resource.name, ()))

    def stop(self) -> None:
        """Nothing runs."""

    def join(self, _timeout_s: float) -> None:
        """Nothing runs."""


def _owned_by(kind: str, name: str) -> list[dict[str, object]]:
    return [{"apiVersion": "apps/v1", "kind": kind, "name": name, "controller": True}]


def _pod(number: int) -> dict[str, object]:
    return {
        "metadata": {
            "namespace": "shop",
            "name": f"cart-{number}",
            "labels": {"app": "cart", "version": "v1"},
            "ownerReferences": _owned_by("ReplicaSet", "cart-5d4"),
        },
        "spec": {"serviceAccountName": "cart", "containers": []},
        "status": {"podIP": f"10.1.0.{number}", "hostIP": "10.0.0.1", "phase": "Running"},
    }


_OBJECTS: Final[dict[str, Sequence[dict[str, object]]]] = {
    "pods": [_pod(1), _pod(2)],
    "replicasets": [
        {
            "metadata": {
                "namespace": "shop",
                "name": "cart-5d4",
                "ownerReferences": _owned_by("Deployment", "cart"),
            }
        }
    ],
}
