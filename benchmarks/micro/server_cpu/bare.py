"""`python -m benchmarks.micro.server_cpu.bare ADDRESS SIZE...`: grpcio and nothing else.

A server as Mixer's own, with the same options and number of threads, whose handlers do not look at
the request: each answers with so many zero bytes. What it takes is the price of the transport.
"""

import signal
import sys
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import grpc

from mixer.server.options import ServerOptions

_SERVICE: Final = "benchmarks.Bare"
STREAM: Final = f"/{_SERVICE}/Stream"
"""The path of the method that takes a stream of messages, and answers at its end."""


def method_of(reply_size: int) -> str:
    """The path of the method that answers with so many bytes."""
    return f"/{_SERVICE}/Reply{reply_size}"


def serve(address: str, reply_sizes: list[int]) -> None:
    """Answers until SIGTERM."""
    options = ServerOptions()
    handlers = {
        f"Reply{size}": grpc.unary_unary_rpc_method_handler(_answering(size))
        for size in reply_sizes
    }
    handlers["Stream"] = grpc.stream_stream_rpc_method_handler(_take_all)
    server = grpc.server(
        ThreadPoolExecutor(options.worker_threads),
        handlers=[grpc.method_handlers_generic_handler(_SERVICE, handlers)],
        options=(
            ("grpc.max_receive_message_length", options.max_message_bytes),
            ("grpc.so_reuseport", 0),
            ("grpc.compression_enabled_algorithms_bitset", 1),
        ),
    )
    server.add_insecure_port(address)
    server.start()
    signal.sigwait({signal.SIGTERM})
    server.stop(grace=0).wait()


def _answering(reply_size: int) -> Callable[[bytes, grpc.ServicerContext], bytes]:
    reply = bytes(reply_size)
    return lambda _request, _context: reply


def _take_all(requests: Iterator[bytes], _context: grpc.ServicerContext) -> Iterator[bytes]:
    deque(requests, maxlen=0)
    yield b""


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    serve(sys.argv[1], [int(size) for size in sys.argv[2:]])
