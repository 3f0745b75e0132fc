"""A back end that knows no message: it answers the bytes that a test gives, and keeps what came."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

import grpc

SESSIONS = "/istio.mixer.adapter.model.v1beta1.InfrastructureBackend"


class Refusal(Exception):  # noqa: N818 - it is an answer
    """An answer that is an error of gRPC."""

    def __init__(self, code, text=""):
        self.code = code
        self.text = text


@dataclass
class Backend(grpc.GenericRpcHandler):
    """Answers by path: bytes, a Refusal, or a list of these that is used up from its beginning."""

    answers: dict = field(default_factory=dict)
    calls: list = field(default_factory=list)
    """Path and request, in their order."""
    metadata: list = field(default_factory=list)
    """What else came with each of them."""

    def service(self, details):
        def answer(request, context):
            self.calls.append((details.method, request))
            self.metadata.append(dict(details.invocation_metadata))
            said = self.answers.get(details.method, Refusal(grpc.StatusCode.UNIMPLEMENTED))
            said = said.pop(0) if isinstance(said, list) else said
            if isinstance(said, Refusal):
                context.abort(said.code, said.text)
            return said

        return grpc.unary_unary_rpc_method_handler(answer)

    def requests(self, path):
        return [request for called, request in self.calls if called == path]


@contextmanager
def serving(backend, credentials=None):
    """Its `HOST:PORT`."""
    server = grpc.server(
        ThreadPoolExecutor(16), handlers=[backend], options=[("grpc.so_reuseport", 0)]
    )
    if credentials is None:
        port = server.add_insecure_port("127.0.0.1:0")
    else:
        port = server.add_secure_port("127.0.0.1:0", credentials)
    server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.stop(0).wait()
