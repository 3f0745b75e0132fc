"""The load: one request at a time on one connection for each arm, a few to each arm in turn.

Raw sockets and prepared bytes, so that most of what is measured is Envoy's.
"""

import os
import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Final

from benchmarks.wasm_latency.arms import Arm, envoy_config
from mixer.envoy.process import EnvoyProcess

_REQUEST: Final = (
    b"GET /carts/0 HTTP/1.1\r\nhost: cart:8080\r\naccept: */*\r\naccept-encoding: gzip, deflate\r\n"
    b"end-user: alice\r\nuser-agent: shop-frontend/2.11.3\r\nx-b3-sampled: 1\r\n"
    b"x-b3-spanid: 5e3f1d2c4b6a7980\r\nx-b3-traceid: 9d2e4f6a8b1c3d5e\r\n"
    b"x-request-id: 7d1e5a90-3c42-4b8f-9a6d-000000000000\r\n\r\n"
)
_OK: Final = b"HTTP/1.1 200 "
_ANSWER_SIZE: Final = 4096
_WARM_UP: Final = 500


class AnswerError(Exception):
    """An arm answers with something else than 200."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """How much of it."""

    repetition_count: int
    turn_count: int
    """How often each arm has its turn in a repetition."""
    request_count: int
    """In a turn."""


def measure(arms: Sequence[Arm], load: Load) -> Mapping[str, list[float]]:
    """The median latency of each arm in each repetition, in microseconds.

    Raises AnswerError.
    """
    found: dict[str, list[float]] = {arm.name: [] for arm in arms}
    with _connections(arms) as connections:
        for name, connection in connections.items():
            _latencies_ns(name, connection, _WARM_UP)
        for _ in range(load.repetition_count):
            for name, latencies_ns in _repetition(connections, load).items():
                found[name].append(median(latencies_ns) / 1000)
    return found


def _repetition(connections: Mapping[str, socket.socket], load: Load) -> Mapping[str, list[int]]:
    found: dict[str, list[int]] = {name: [] for name in connections}
    for turn in range(load.turn_count):
        # Every other turn the other way round, so that none is always first.
        order = list(connections)[:: -1 if turn % 2 else 1]
        for name in order:
            found[name] += _latencies_ns(name, connections[name], load.request_count)
    return found


def _latencies_ns(name: str, connection: socket.socket, count: int) -> list[int]:
    clock, send, receive = time.perf_counter_ns, connection.sendall, connection.recv
    latencies = []
    for _ in range(count):
        started = clock()
        send(_REQUEST)
        answer = receive(_ANSWER_SIZE)
        latencies.append(clock() - started)
        if not answer.startswith(_OK):
            raise AnswerError(f"{name}: {answer.decode(errors='replace')}")
    return latencies


@contextmanager
def _connections(arms: Sequence[Arm]) -> Iterator[Mapping[str, socket.socket]]:
    """A connection to each listener; Envoy and the load have a core each, if there are two."""
    cores = sorted(os.sched_getaffinity(0))
    with ExitStack() as stack:
        stack.callback(os.sched_setaffinity, 0, cores)
        os.sched_setaffinity(0, cores[:1])
        envoy = stack.enter_context(EnvoyProcess(envoy_config(arms)))
        os.sched_setaffinity(0, cores[1:] or cores)
        yield {arm.name: _connect(stack, envoy.addresses[arm.name]) for arm in arms}


def _connect(stack: ExitStack, address: str) -> socket.socket:
    host, _, port = address.rpartition(":")
    connection = stack.enter_context(socket.create_connection((host, int(port)), timeout=10))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection
