"""What a configuration says to the zipkin adapter, and what is wrong with it.

`url` and `sample_probability` are those of istio 1.4 `mixer/adapter/zipkin/config/config.proto`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from mixer.adapter import Duration, InstanceType, ParamError

_ONE_SECOND: Final = Duration.parse("1s")
_TWO_SECONDS: Final = Duration.parse("2s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """One zipkin handler."""

    url: str = ""
    """Where spans are posted to, such as `http://zipkin:9411/api/v2/spans`; must be given."""
    sample_probability: float = 0.0
    """Which part of all traces is sent, from 0 (none, said in the log) to 1 (all).

    The trace id alone decides, so all spans of a trace are sent, or none.
    """
    flush_interval: Duration = _ONE_SECOND
    """How long spans wait for others to fill their batch, and a batch that could not be posted
    until it is posted again; more than 0."""
    max_batch_spans: int = 500
    """How many spans go in one post, at least 1; so many are posted at once."""
    max_queued_spans: int = 10_000
    """How many spans may wait, at least 1; new ones are dropped and counted then."""
    timeout: Duration = _TWO_SECONDS
    """How long a post may take, and about how long closing may; more than 0."""


def validate(params: Params, _instances: Mapping[str, InstanceType]) -> Iterator[ParamError]:
    """All that is wrong with `params`."""
    if not _is_http(params.url):
        yield ParamError(field="url", message=f"must be an HTTP URL, is {params.url!r}")
    if not 0 <= params.sample_probability <= 1:
        yield ParamError(field="sample_probability", message="must be from 0 to 1")
    for name in ("flush_interval", "timeout"):
        if getattr(params, name) <= 0:
            yield ParamError(field=name, message="must be more than 0")
    for name in ("max_batch_spans", "max_queued_spans"):
        if getattr(params, name) < 1:
            yield ParamError(field=name, message="must be at least 1")


def _is_http(url: str) -> bool:
    try:
        parsed = parse_url(url)
    except LocationParseError:
        return False
    return parsed.scheme in ("http", "https") and bool(parsed.host)
