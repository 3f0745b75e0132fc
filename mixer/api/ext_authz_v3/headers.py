"""The request headers in a CheckRequest, in whichever of two forms Envoy sends them."""

from collections.abc import Mapping

from envoy.config.core.v3.base_pb2 import HeaderMap, HeaderValue
from envoy.service.auth.v3.attribute_context_pb2 import AttributeContext


def find_header(http: AttributeContext.HttpRequest, name: str) -> str | None:
    """The value of the header with this lower-case name."""
    value: str | None = http.headers.get(name)
    if value is None and http.HasField("header_map"):
        lines = [_value(line) for line in http.header_map.headers if line.key == name]
        return ",".join(lines) if lines else None
    return value


def joined(header_map: HeaderMap) -> Mapping[str, str] | None:
    """All headers of the second form as they would be in the first one; None for none."""
    headers: dict[str, str] = {}
    for line in header_map.headers:
        value = _value(line)
        earlier = headers.get(line.key)
        headers[line.key] = value if earlier is None else f"{earlier},{value}"
    return headers or None


def as_text(raw: bytes) -> str:
    """What stands for bytes that need not be UTF-8."""
    return raw.decode("utf-8", "replace")


def _value(line: HeaderValue) -> str:
    return line.value or as_text(line.raw_value)
