"""An Envoy that asks a Mixer before it passes a request on."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from mixer.envoy.bootstrap import bootstrap, cluster, grpc_cluster, http_listener, route
from mixer.envoy.filters import ext_authz
from mixer.envoy.process import EnvoyProcess
from mixer.envoy.upstream import Upstream
from tests.integration.documents import Document, document
from tests.integration.spy import Spy, runtime_of
from tests.integration.wire import transport_of

TYPES = {
    "STRING": (
        *("connection.requested_server_name", "context.protocol", "destination.service.name"),
        *("request.auth.principal", "request.body", "request.host", "request.method"),
        *("request.path", "request.protocol", "request.scheme", "request.url_path"),
        *("source.principal", "destination.principal"),
    ),
    "STRING_MAP": ("context.metadata", "context.route_metadata", "request.query_params"),
    "TIMESTAMP": ("context.time",),
    "INT64": ("source.port", "destination.port"),
    "IP_ADDRESS": ("destination.ip",),
}
VOCABULARY = document(
    "attributemanifest",
    "proxy",
    {"attributes": {name: {"valueType": kind} for kind, names in TYPES.items() for name in names}},
)


@contextmanager
def mixer_at(folder: Path, spy: Spy, *documents: Document) -> Iterator[str]:
    """The address of a Mixer with these rules."""
    runtime = runtime_of(spy, VOCABULARY, *documents)
    with transport_of(runtime, folder, worker_threads=4):
        yield f"unix:{folder}/mixer.sock"


def front(mixer: str, upstream: str, *first_filters: Any, **authz: Any) -> dict[str, Any]:
    """The configuration of an Envoy that asks the Mixer; `authz` are fields of its filter."""
    listener = http_listener([*first_filters, ext_authz("mixer", **authz)], [route("upstream")])
    return bootstrap([listener], [grpc_cluster("mixer", mixer), cluster("upstream", upstream)])


@contextmanager
def guarded(
    folder: Path, spy: Spy, *documents: Document, **authz: Any
) -> Iterator[tuple[str, EnvoyProcess]]:
    """A whole set: the address to send requests to, and the Envoy that serves it."""
    with ExitStack() as stack:
        upstream = stack.enter_context(Upstream([("x-there", "one"), ("x-there", "two")]))
        mixer = stack.enter_context(mixer_at(folder, spy, *documents))
        envoy = stack.enter_context(EnvoyProcess(front(mixer, upstream.address, **authz)))
        yield envoy.addresses["http"], envoy
