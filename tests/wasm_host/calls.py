"""Calls over gRPC that a module makes."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from envoy.config.core.v3.grpc_service_pb2 import GrpcService
from google.protobuf.message import DecodeError

from tests.wasm_host.pairs import Pairs

_FIRST_TOKEN: Final = 1 << 24


class CallState(Enum):
    """How far a call is."""

    UNDER_WAY = "under way"
    ANSWERED = "answered"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass
class GrpcCall:
    """One unary call."""

    token: int
    cluster: str
    service: str
    method: str
    metadata: Pairs
    message: bytes
    timeout_ms: int
    state: CallState = CallState.UNDER_WAY


class Calls:
    """The calls of one worker."""

    def __init__(self) -> None:
        self.made: list[GrpcCall] = []
        """All that were sent, in order."""
        self._under_way: dict[int, GrpcCall] = {}
        self._last_token = _FIRST_TOKEN

    @property
    def under_way(self) -> list[GrpcCall]:
        """Those that wait for an answer, in order."""
        return list(self._under_way.values())

    def next_token(self) -> int:
        """The number of a new call."""
        self._last_token += 1
        return self._last_token

    def add(self, call: GrpcCall) -> None:
        """Sends one."""
        self.made.append(call)
        self._under_way[call.token] = call

    def end(self, token: int, state: CallState) -> GrpcCall | None:
        """Ends one; None if it is over already."""
        call = self._under_way.pop(token, None)
        if call is not None:
            call.state = state
        return call


def cluster_of(target: bytes) -> str | None:
    """The cluster that a serialized GrpcService names; None if the bytes say nothing of the kind.

    Envoy takes a bare name, too, unless its bytes happen to be protobuf: then it may end itself. So
    that is none here.
    """
    try:
        return GrpcService.FromString(target).envoy_grpc.cluster_name or None
    except DecodeError:
        return None
