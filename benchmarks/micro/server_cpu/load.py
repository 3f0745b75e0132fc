"""Load: calls in a closed loop, so many at a time."""

from collections import deque
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import grpc

from benchmarks.micro.server_cpu.process import Server, ServerError

CALLS_AT_A_TIME: Final = 8
"""As many as a server has threads."""


def cpu_for(
    server: Server, method: str, requests: Iterable[bytes], *, is_stream: bool = False
) -> float:
    """Sends all requests; gives the CPU time that the server used meanwhile, in seconds.

    Raises ServerError when one is answered with an error.
    """
    send = _send_stream if is_stream else _send_calls
    started_s = server.cpu_s()
    try:
        send(server, method, requests)
    except grpc.RpcError as error:
        raise ServerError(f"{method}: {error}") from error
    return server.cpu_s() - started_s


def _send_calls(server: Server, method: str, requests: Iterable[bytes]) -> None:
    call = server.channel.unary_unary(method, request_serializer=None, response_deserializer=None)
    with ThreadPoolExecutor(CALLS_AT_A_TIME) as pool:
        deque(pool.map(call, requests), maxlen=0)


def _send_stream(server: Server, method: str, requests: Iterable[bytes]) -> None:
    call = server.channel.stream_stream(method, request_serializer=None, response_deserializer=None)
    deque(call(iter(requests)), maxlen=0)
