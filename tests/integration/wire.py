"""Servers to talk to, and the words to do it in."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import grpc

from mixer.api.doors import SERVICES
from mixer.api.servicer import Backend
from mixer.api.throttle import Throttle
from mixer.attribute.compressed_encode import encode
from mixer.attribute.dictionary import GLOBAL_WORDS
from mixer.runtime import Runtime
from mixer.server.grpc_transport import GrpcTransport
from mixer.server.options import ServerOptions
from mixer.server.server import MixerServer
from protos.mixer.v1 import mixer_pb2
from tests.patience import SOON_S

CHECK: Final = "/istio.mixer.v1.Mixer/Check"
REPORT: Final = "/istio.mixer.v1.Mixer/Report"


def check_request(attributes: Mapping[str, Any], **fields: Any) -> bytes:
    """A Check of a client that knows all global words."""
    request = mixer_pb2.CheckRequest(global_word_count=len(GLOBAL_WORDS), **fields)
    request.attributes.CopyFrom(encode(attributes))
    return request.SerializeToString()


def report_request(*bags: Mapping[str, Any], **fields: Any) -> bytes:
    """A Report of bags, each of which is encoded on its own."""
    request = mixer_pb2.ReportRequest(
        global_word_count=len(GLOBAL_WORDS), attributes=map(encode, bags), **fields
    )
    return request.SerializeToString()


class Client:
    """Sends bytes, and gives the answer or the status and text that came in its place."""

    def __init__(self, channel: grpc.Channel) -> None:
        self.channel = channel

    def send(self, method: str, request: bytes) -> bytes | tuple[str, str]:
        """The body of the answer, or the name of the status code and its text."""
        try:
            return self.channel.unary_unary(method)(request, timeout=SOON_S)
        except grpc.RpcError as error:
            return error.code().name, error.details() or ""

    def check(self, attributes: Mapping[str, Any], **fields: Any) -> mixer_pb2.CheckResponse:
        """The answer to a Check that must succeed."""
        answer = self.send(CHECK, check_request(attributes, **fields))
        assert isinstance(answer, bytes), answer
        return mixer_pb2.CheckResponse.FromString(answer)


@contextmanager
def client_of(address: str) -> Iterator[Client]:
    """A client of the server at `address`, with a connection of its own."""
    options = [("grpc.use_local_subchannel_pool", 1)]
    with grpc.insecure_channel(address, options=options) as channel:
        yield Client(channel)


@contextmanager
def serving(
    config: Path | None, folder: Path, **options: Any
) -> Iterator[tuple[MixerServer, Client]]:
    """A whole server on a socket in `folder`, without a monitoring port unless it is given one."""
    settings = {"monitoring_address": None, "worker_threads": 2, **options}
    server = MixerServer(
        ServerOptions(address=f"unix:{folder}/mixer.sock", config=config, **settings)
    )
    server.start()
    try:
        with client_of(server.address) as client:
            yield server, client
    finally:
        server.stop()


@contextmanager
def transport_of(
    runtime: Runtime, folder: Path, throttle: Throttle | None = None, **options: Any
) -> Iterator[GrpcTransport]:
    """Just the front door and its transport, around a runtime of the test's own."""
    settings = ServerOptions(address=f"unix:{folder}/mixer.sock", **options)
    backend = Backend(runtime, throttle or Throttle())
    transport = GrpcTransport(settings, SERVICES, backend)
    transport.start()
    try:
        yield transport
    finally:
        transport.stop(0)
        runtime.close()
