"""Tracespan instances as spans of Zipkin's API v2, and which of them are sent."""

import ipaddress
import re
from typing import Final

from mixer.adapter import Timestamp, stringify
from mixer.template.tracespan import Instance

Span = dict[str, object]
"""What Zipkin's JSON says of one span."""

_HEX: Final = re.compile(r"[0-9a-fA-F]+")
_TRACE_DIGITS: Final = 32
_SPAN_DIGITS: Final = 16
_PAD: Final = 0x3F6A_2EC3_C810_C2AB
"""XORed to a span id that client and server share, this makes the client's."""
_HALF: Final = 1 << 63
_LOW_BITS: Final = (1 << 64) - 1
_FIRST_ERROR: Final = 400
_NS_PER_US: Final = 1000


def parse_id(text: str, max_digits: int) -> int | None:
    """The number that hexadecimal digits say; None where they say none, or zero."""
    if len(text) > max_digits or _HEX.fullmatch(text) is None:
        return None
    return int(text, 16) or None


def is_sampled(trace_id: str, probability: float) -> bool:
    """Whether the trace is one of those to be sent; no trace without a valid id is."""
    number = parse_id(trace_id, _TRACE_DIGITS)
    return number is not None and ((number & _LOW_BITS) >> 1) < probability * _HALF


def span(instance: Instance) -> Span | None:
    """The span; None where an id makes no sense. An empty parent id is a root's."""
    trace_id = parse_id(instance.trace_id, _TRACE_DIGITS)
    span_id = parse_id(instance.span_id, _SPAN_DIGITS)
    parent_id = parse_id(instance.parent_span_id, _SPAN_DIGITS)
    if trace_id is None or span_id is None or (instance.parent_span_id and parent_id is None):
        return None
    if instance.rewrite_client_span_id:
        if instance.client_span:
            span_id ^= _PAD
        else:
            parent_id = span_id ^ _PAD
    made: Span = {
        "traceId": f"{trace_id:032x}" if len(instance.trace_id) > _SPAN_DIGITS else _hex(trace_id),
        "id": _hex(span_id),
        "name": instance.span_name,
        "kind": "CLIENT" if instance.client_span else "SERVER",
        "localEndpoint": _endpoint(instance),
        "tags": _tags(instance),
        **_times(instance),
    }
    if parent_id:
        made["parentId"] = _hex(parent_id)
    return made


def _hex(number: int) -> str:
    return f"{number:016x}"


def _endpoint(instance: Instance) -> dict[str, str]:
    if instance.client_span:
        name, address = instance.source_name, instance.source_ip
    else:
        name, address = instance.destination_name, instance.destination_ip
    made = {"serviceName": name or "default"}
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:  # left out of the configuration, or no address
        return made
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    made[f"ipv{ip.version}"] = str(ip)
    return made


def _tags(instance: Instance) -> dict[str, str]:
    tags = {}
    if instance.http_status_code > 0:
        tags["http.status_code"] = str(instance.http_status_code)
    if instance.http_status_code >= _FIRST_ERROR:
        tags["error"] = str(instance.http_status_code)
    if instance.request_total_size > 0:
        tags["http.request.size"] = str(instance.request_total_size)
    if instance.response_total_size > 0:
        tags["http.response.size"] = str(instance.response_total_size)
    tags.update((key, stringify(value)) for key, value in instance.span_tags.items())
    return tags


def _times(instance: Instance) -> Span:
    """What is known of start and end, with an event at each, as the original has them."""
    start_us, end_us = _us(instance.start_time), _us(instance.end_time)
    first, last = ("SENT", "RECV") if instance.client_span else ("RECV", "SENT")
    times: Span = {
        "annotations": [
            {"timestamp": at_us, "value": value}
            for at_us, value in ((start_us, first), (end_us, last))
            if at_us > 0
        ]
    }
    if start_us > 0:
        times["timestamp"] = start_us
        if end_us >= start_us:
            times["duration"] = max(1, end_us - start_us)  # Zipkin takes 0 for unknown
    return times


def _us(instant: Timestamp) -> int:
    return instant // _NS_PER_US
