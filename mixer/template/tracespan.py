"""Template `tracespan`: one span of a distributed trace."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from mixer.adapter import Template, Variety
from mixer.attribute.value import ZERO_TIMESTAMP, Timestamp, Value


class Instance(NamedTuple):
    """One tracespan instance, made for one request."""

    name: str
    """Full name of the instance, such as `x.instance.istio-system`."""
    trace_id: str = ""
    span_id: str = ""
    parent_span_id: str = ""
    span_name: str = ""
    start_time: Timestamp = ZERO_TIMESTAMP
    end_time: Timestamp = ZERO_TIMESTAMP
    span_tags: Mapping[str, Value] = {}
    http_status_code: int = 0
    client_span: bool = False
    """Whether the client's side, not the server's, tells of the call."""
    rewrite_client_span_id: bool = False
    """Whether client and server share an id that has to be told apart."""
    source_name: str = ""
    source_ip: bytes = b""
    destination_name: str = ""
    destination_ip: bytes = b""
    request_size: int = 0
    """Bytes of the request's body."""
    request_total_size: int = 0
    """Bytes of the request with its headers."""
    response_size: int = 0
    response_total_size: int = 0
    api_protocol: str = ""


class Handler(Protocol):
    """What a handler of this template has."""

    def handle_tracespan(self, instances: Sequence[Instance]) -> None:
        """Records the spans."""


TEMPLATE = Template(name="tracespan", variety=Variety.REPORT, instance=Instance, handler=Handler)
