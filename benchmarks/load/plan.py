"""What load is to be made: the one argument of the generator."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Final

from benchmarks.scenario import FRESH, RequestKind

_SHARE_UNITS: Final = 1_000_000
"""Weights are whole numbers: a share of hits is kept to a millionth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadPlan:
    """All that the generator needs to know."""

    address: str
    """HOST:PORT to send to."""
    kinds: tuple[RequestKind, ...]
    """What to send, in proportion to the weights; see `requests_for`."""
    connections: int
    """Opened before the first request; each is opened again when the server closes it."""
    duration_s: float
    """How long requests are sent."""
    rate_per_s: float = 0.0
    """Requests over all connections; 0 for as fast as answers come (see `is_saturation`)."""
    protocol: str = "http1"
    """`http1` or `http2`."""
    pacing: str = "poisson"
    """`constant` or `poisson`."""
    seed: int = 0
    """Draws the order of kinds and the arrival times: the same seed means the same load."""
    host: str = "upstream"
    """The `host` header."""
    cores: tuple[int, ...] = ()
    """Where the generator may run; empty for anywhere."""
    spin_us: float = 0.0
    """For how long before a request is meant to leave the generator asks for the time instead of
    sleeping. Takes that much more of a core and gets requests off up to 0.1 ms more exactly; to be
    used only where the generator has a core of its own."""
    queue_limit: int = 100_000
    """How many requests may wait for a free connection; more are not sent and count as errors."""
    answer_timeout_s: float = 5.0
    """How long after the last request is meant to leave answers are waited for."""

    def __post_init__(self) -> None:
        if self.connections < 1 or not self.kinds:
            raise ValueError("a load needs connections and kinds of requests")

    @property
    def is_saturation(self) -> bool:
        """Whether each connection always has one request on its way, at whatever rate results."""
        return self.rate_per_s == 0

    def to_json(self) -> str:
        """The form that `from_json` reads."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "LoadPlan":
        """Raises ValueError, KeyError or TypeError if `text` is not what `to_json` gives."""
        fields = json.loads(text)
        kinds = tuple(
            RequestKind(**{**kind, "headers": tuple((name, value) for name, value in pairs)})
            for kind in fields["kinds"]
            for pairs in [kind["headers"]]
        )
        return cls(**{**fields, "kinds": kinds, "cores": tuple(fields["cores"])})


def is_fresh(kind: RequestKind) -> bool:
    """Whether each request of that kind differs from all others, so that no cache answers it."""
    return any(FRESH in value for _, value in kind.headers)


def requests_for(kinds: Sequence[RequestKind], hit_share: float) -> tuple[RequestKind, ...]:
    """Weighs `kinds` so that `hit_share` of the requests, from 0 to 1, are not fresh.

    Among the fresh kinds, and among the others, the proportions stay. Raises ValueError if a kind
    of either sort is needed and there is none.
    """
    fresh = [kind for kind in kinds if is_fresh(kind)]
    others = [kind for kind in kinds if not is_fresh(kind)]
    hit_units = round(hit_share * _SHARE_UNITS)
    for units, group, sort in (
        (hit_units, others, "repeated"),
        (_SHARE_UNITS - hit_units, fresh, "fresh"),
    ):
        if units and not group:
            raise ValueError(f"at a hit share of {hit_share:g} there must be a {sort} kind")
    return (
        *_scaled(others, hit_units * _total(fresh)),
        *_scaled(fresh, (_SHARE_UNITS - hit_units) * _total(others)),
    )


def _total(kinds: Sequence[RequestKind]) -> int:
    # One for no kinds, so that the weights of the others don't vanish.
    return sum(kind.weight for kind in kinds) or 1


def _scaled(kinds: Sequence[RequestKind], factor: int) -> list[RequestKind]:
    return [replace(kind, weight=kind.weight * factor) for kind in kinds] if factor else []
