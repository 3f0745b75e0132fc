"""A gRPC server whose answers say over which connection the question came.

It is a process of its own, so that those who fork do not fork it.
"""

import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import grpc

from protos.mixer.v1.mixer_pb2 import CheckRequest, CheckResponse, ReportRequest, ReportResponse


class Service:
    """Denies all, with the number of the connection as reason; the answer may be used again."""

    def __init__(self):
        self._peers = []

    def check(self, _, context):
        peer = context.peer()
        if peer not in self._peers:
            self._peers.append(peer)
        response = CheckResponse()
        response.precondition.status.code = 7
        response.precondition.status.message = f"connection {self._peers.index(peer) + 1}"
        response.precondition.valid_use_count = 1
        return response

    def report(self, _, __):
        return ReportResponse()


def serve(pipe):
    service = Service()
    handlers = {
        "Check": grpc.unary_unary_rpc_method_handler(
            service.check, CheckRequest.FromString, CheckResponse.SerializeToString
        ),
        "Report": grpc.unary_unary_rpc_method_handler(
            service.report, ReportRequest.FromString, ReportResponse.SerializeToString
        ),
    }
    server = grpc.server(ThreadPoolExecutor(2))
    server.add_generic_rpc_handlers(
        (grpc.method_handlers_generic_handler("istio.mixer.v1.Mixer", handlers),)
    )
    pipe.send(server.add_insecure_port("127.0.0.1:0"))
    server.start()
    pipe.recv()
    server.stop(0)


@contextmanager
def serving():
    """Runs the server; gives its address."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(theirs,))
    process.start()
    yield f"127.0.0.1:{ours.recv()}"
    ours.send("stop")
    process.join()
