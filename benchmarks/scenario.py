"""What is asked in a comparison, and what a policy is to decide about it.

A scenario is one policy, written once as Mixer's configuration, with the requests that it is asked
about. Arms that have a language of their own, such as Lua, get the same policy as a
`NativePolicy`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FRESH: Final = "{fresh}"
"""Stands in a header's value for a text that no other request of the run has: such a request is
never answered from a cache of verdicts, as long as the policy reads that header."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestKind:
    """Requests that are alike."""

    path: str
    headers: tuple[tuple[str, str], ...] = ()
    """Without `host`. At most one value contains `FRESH`."""
    method: str = "GET"
    weight: int = 1
    """How often it comes, in relation to the others."""
    status: int | None = 200
    """What all arms answer; None if that is not known beforehand, as for a reader's own policy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NativePolicy:
    """A policy in terms that every proxy's own filters have."""

    denied_users: tuple[str, ...]
    """Values of the header `x-user` that get 403."""
    denied_paths: tuple[str, ...]
    """Paths, without query, that get 403; one for each rule."""
    quota_per_s: int | None = None
    """Requests that may pass per second; None for no quota. Never reached by the load."""
    has_telemetry: bool = False
    """Whether requests are counted by status and user group, and written to a log, all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """What can be varied of a scenario."""

    rule_count: int = 10
    attribute_count: int = 25
    """About how many headers, and so attributes, a request has."""
    hit_share: float = 0.95
    """The share of requests that a cache of verdicts may answer, from 0 to 1."""
    adapter_delay_ms: float = 0.0
    """How long Mixer's adapter takes for each Check, beside its own time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One policy, and the requests that it decides on."""

    name: str
    """Short, for files and options: `access`, `access-quota`, `telemetry`, `own`."""
    title: str
    """For people: `Access control`."""
    config: Path
    """A directory with Mixer's configuration, for `mixs server --config` and `mixs export`."""
    kinds: Sequence[RequestKind]
    """Requests come in the proportion of their weights, in an order drawn by the run's seed."""
    fixed_attributes: Mapping[str, str]
    """What the proxy's owner tells Mixer with each request."""
    quotas: tuple[str, ...] = ()
    """The quotas that each request is charged 1 of."""
    has_telemetry: bool = False
    native: NativePolicy | None = None
    """None for a reader's own policy: nobody has translated it."""
