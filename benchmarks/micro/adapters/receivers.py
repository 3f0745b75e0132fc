"""A process that speaks what adapters speak, keeps nothing, and answers at once.

Prints its addresses as one line of JSON, and ends when its input does.
"""

import asyncio
import contextlib
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import grpc
import httptools

_LOOPBACK: Final = "127.0.0.1"
_BODY: Final = b'{"allow":true,"result":true}'
_ANSWER: Final = b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%b" % (len(_BODY), _BODY)
_THREADS: Final = 4


class _Http(asyncio.Protocol):
    """Lets every request pass, whichever of `webhook`, `opa-remote` and `zipkin` asks."""

    def __init__(self) -> None:
        self._parser = httptools.HttpRequestParser(self)
        self._transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See the base class."""
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """See the base class."""
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        """The parser has found the end of a request."""
        self._transport.write(_ANSWER)


class _Grpc(grpc.GenericRpcHandler):  # type: ignore[type-arg]
    """Answers every method with an empty message, which is an OK for `remote` and `otlp`."""

    def service(self, handler_call_details: object) -> "grpc.RpcMethodHandler[bytes, bytes]":
        """See the base class."""
        del handler_call_details
        return grpc.unary_unary_rpc_method_handler(_nothing)


def _nothing(_request: bytes, _context: object) -> bytes:
    return b""


async def _serve() -> None:
    loop = asyncio.get_running_loop()
    http = await loop.create_server(_Http, _LOOPBACK, 0)
    stream = await loop.create_server(asyncio.Protocol, _LOOPBACK, 0)
    datagrams, _ = await loop.create_datagram_endpoint(
        asyncio.DatagramProtocol, local_addr=(_LOOPBACK, 0)
    )
    remote = grpc.server(ThreadPoolExecutor(_THREADS), handlers=[_Grpc()])
    addresses = {
        "http": _address(http.sockets[0].getsockname()),
        "stream": _address(stream.sockets[0].getsockname()),
        "datagrams": _address(datagrams.get_extra_info("sockname")),
        "grpc": f"{_LOOPBACK}:{remote.add_insecure_port(f'{_LOOPBACK}:0')}",
    }
    remote.start()
    print(json.dumps(addresses), flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    remote.stop(0)


def _address(name: tuple[str, int]) -> str:
    return "{}:{}".format(*name)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve())
