"""Load: calls in a closed loop, so many at a time."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import grpc

from benchmarks.micro.server_cpu.process import Server, ServerError

CALLS_AT_A_TIME: Final = 8
"""As many as a server has threads."""


def cpu_for(server: Server, method: str, requests: Iterable[bytes]) -> float:
    """Sends all requests; gives the CPU time that the server used meanwhile, in seconds.

    Raises ServerError when one is answered with an error.
    """
    call = server.channel.unary_unary(method, request_serializer=None, response_deserializer=None)
    with ThreadPoolExecutor(CALLS_AT_A_TIME) as pool:
        started_s = server.cpu_s()
        try:
            for _ in pool.map(call, requests):
                pass
        except grpc.RpcError as error:
            raise ServerError(f"{method}: {error}") from error
        return server.cpu_s() - started_s
