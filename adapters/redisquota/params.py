"""What can be configured of a redisquota.

Names, numbers and defaults of `quotas`, `redis_server_url` and `connection_pool_size` are those of
istio 1.4 `mixer/adapter/redisquota/config/config.proto`; the others are new.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

from mixer.adapter import Duration

_NO_DURATION: Final = Duration(0)
_TIMEOUT: Final = Duration.parse("150ms")
_REMEMBERED: Final = Duration.parse("10s")


class Algorithm(IntEnum):
    """When what was used may be used again."""

    FIXED_WINDOW = 0
    """All at once, when the window that began with the first use is over."""
    ROLLING_WINDOW = 1
    """Each amount when it has reached the age of the window."""


class OnFailure(IntEnum):
    """What is done with a call when Redis is down or too slow."""

    DENY = 0
    """It fails as unavailable, and `onError` of the rule says what that means; it denies unless it
    is told otherwise."""
    ALLOW = 1
    """All that is asked for is granted, and not counted."""
    LOCAL = 2
    """It is counted in the memory of this Mixer, in rolling windows of whole seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """Another amount, for instances with certain dimensions."""

    dimensions: Mapping[str, str] = field(default_factory=dict)
    """Dimensions and the text of their values; the instance must have all of them."""
    max_amount: int = 0
    """How much may be in use at once, from 1 to 10^15."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """The limit of one quota instance."""

    name: str = ""
    """Full name of the instance, such as `requestcount.instance.istio-system`."""
    max_amount: int = 0
    """How much may be in use at once, from 0 to 10^15."""
    valid_duration: Duration = _NO_DURATION
    """The length of the window, at least 1ms."""
    bucket_duration: Duration = _NO_DURATION
    """For ROLLING_WINDOW: amounts that are used within such a time leave together. At least 1ms,
    and less than `valid_duration`."""
    rate_limit_algorithm: Algorithm = Algorithm.FIXED_WINDOW
    """FIXED_WINDOW lets go of all at its end; ROLLING_WINDOW of each amount at its own time."""
    overrides: tuple[Override, ...] = ()
    """The first that matches counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tls:
    """How Redis is told to be the right one, and this side to it."""

    ca: str = ""
    """Path of a PEM file with the authorities that are trusted; empty for the system's."""
    client_certificate: str = ""
    """Path of a PEM file with the chain that this side shows; empty for none."""
    client_key: str = ""
    """Path of the PEM file with the key of that certificate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """Limits, and the Redis that counts."""

    quotas: tuple[Quota, ...] = ()
    redis_server_url: str = "localhost:6379"
    """`HOST:PORT`, `redis://[[USER]:PASSWORD@]HOST[:PORT][/DATABASE]` or `unix:///PATH`; `rediss://`
    for TLS; `redis+cluster://` or `rediss+cluster://` for a cluster, with any of its nodes,
    separated by commas."""
    connection_pool_size: int = 10
    """How many connections there are at most, to each node of a cluster; 0 stands for 10. Calls
    beyond wait for one."""
    password_file: str = ""
    """Path of a file with the password, in place of one in the URL; read again within a second when
    it has changed. The handler can't be made without it."""
    tls: Tls | None = None
    """For `rediss://` only; without it, the system's authorities are trusted."""
    timeout: Duration = _TIMEOUT
    """How long a call waits for a connection, for its being made, and for the answer: for each. It
    should be a third of the handler's `isolation.timeout`, or less."""
    min_deduplication_duration: Duration = _REMEMBERED
    """How long a deduplication id is remembered."""
    key_prefix: str = ""
    """Stands in all keys. Handlers with one prefix, in whatever Mixer, count together where their
    quotas have the same names; empty for the handler's full name."""
    on_failure: OnFailure = OnFailure.DENY
    """What is done while Redis is down or too slow: DENY, ALLOW or LOCAL."""
    local_divisor: int = 1
    """For LOCAL: each Mixer grants its share, the amount of the limit divided by this and rounded
    up. The number of Mixers keeps the limit as it is; 1 lets each grant all of it."""
