"""A gRPC server that asks a Mixer before it calls a method, and reports each call.

mixs server
python examples/python/grpc_app.py            # serves
python examples/python/grpc_app.py call       # is answered
python examples/python/grpc_app.py call yes   # asks to be denied
"""

import os
import sys
from concurrent.futures import ThreadPoolExecutor

import grpc

from proxy_client.client import MixerClient
from proxy_client.grpc_server import MixerInterceptor
from proxy_client.http.filter import FilterOptions
from proxy_client.http.service import HttpService

ADDRESS = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
# What Mixer's rules may know of this service beside what a call says.
OPTIONS = FilterOptions(
    service=HttpService(
        attributes={
            "context.reporter.kind": "inbound",
            "destination.namespace": "default",
            "destination.service.name": "reviews",
        }
    )
)


def read(request: bytes, _: grpc.ServicerContext) -> bytes:
    """A method; generated ones work as well."""
    return b"reviews of " + request


def serve() -> None:
    """Serves until it is interrupted."""
    handlers = {"Read": grpc.unary_unary_rpc_method_handler(read)}
    with (
        MixerClient(os.environ.get("MIXER", "127.0.0.1:9091")) as client,
        ThreadPoolExecutor(8) as pool,
    ):
        server = grpc.server(pool, interceptors=[MixerInterceptor(client, OPTIONS)])
        server.add_generic_rpc_handlers(
            (grpc.method_handlers_generic_handler("shop.Reviews", handlers),)
        )
        server.add_insecure_port(ADDRESS)
        server.start()
        print(f"Serving at {ADDRESS}", flush=True)
        try:
            server.wait_for_termination()
        except KeyboardInterrupt:
            server.stop(grace=1).wait()


def call(deny: str) -> None:
    """Calls the method once."""
    with grpc.insecure_channel(ADDRESS) as channel:
        method = channel.unary_unary("/shop.Reviews/Read")
        try:
            print(method(b"books", timeout=5, metadata=[("x-demo-deny", deny)]).decode())
        except grpc.RpcError as error:
            print(f"{error.code().name}: {error.details()}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["call"]:
        call(*sys.argv[2:3] or ["no"])
    else:
        serve()
