"""What can be configured of a metering."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from mixer.adapter import Duration

_FIVE_WEEKS: Final = Duration.parse("840h")
_BELOW_DEADLINE: Final = Duration.parse("400ms")


class IdFrom(Enum):
    """What tells a record that is sent again from a new one."""

    DIMENSION = 0
    """A dimension that holds an id of the request."""
    CONTENT = 1
    """All dimensions and the value together; the time of the request must be one of them."""
    NONE = 2
    """Nothing: whatever is sent again is charged again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meter:
    """How the samples of one instance become usage records."""

    instance: str = ""
    """Full name of the instance, such as `calls.instance.istio-system`."""
    what: str = ""
    """What is used, as price plans call it: `api-calls`."""
    unit: str = ""
    """What amounts are counted in: `call`, `byte`. A value of type DURATION counts in seconds."""
    decimals: int = 0
    """Digits after the point that amounts keep, from 0 to 9; values that have more are rounded,
    half to even."""
    customer: str = "customer"
    """The dimension that says who is charged. A sample in which it is empty is refused."""
    id_from: IdFrom = IdFrom.DIMENSION
    """`DIMENSION`, `CONTENT` or `NONE`: what tells a sample that a client sends again from a new
    one. With `NONE` a retry is charged once more."""
    id: str = "id"
    """For `DIMENSION`: the dimension that holds the request's id. It must be the same when a
    request is reported again, and differ between requests of one customer. A sample in which it is
    empty is refused."""
    begin: str = ""
    """The dimension, a TIMESTAMP, with the instant from which something was used; it decides in
    which period it is charged. Empty: the instant at which it is recorded."""
    end: str = ""
    """The dimension, a TIMESTAMP, with the instant until which it was used. Empty: as `begin`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """Where usage is recorded, and of which instances."""

    ledger: str = ""
    """The file of a SQLite database, which is made where there is none, or the URL of a PostgreSQL
    database, `postgresql://USER@HOST/NAME`; that needs the extra `postgres`. A password stands
    better in a file that PGPASSFILE names than here."""
    meters: tuple[Meter, ...] = ()
    """One for each instance that rules send."""
    retention: Duration = _FIVE_WEEKS
    """How long single records and their ids are kept, at least; then they are summed by customer
    and day. A sample whose `begin` is older is refused, because nobody can tell any more whether
    it was charged; without `begin`, it would be charged again. At least 1h."""
    timeout: Duration = _BELOW_DEADLINE
    """How long a call waits for its turn, and then for its transaction. Keep it below the timeout
    of the handler's `isolation`. Connecting to PostgreSQL, and making the tables there, may take 2s
    in any case."""
