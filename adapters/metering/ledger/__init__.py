"""Where usage records are kept.

`SqliteLedger` and `PostgresLedger` do the same with one table of records and one of sums by day,
and `address.open_ledger` chooses between them. Records are only ever added; when their retention
is over, they are replaced by their sum in one transaction, so that neither table grows without
bound and no total changes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any, NamedTuple, Protocol

from adapters.metering.amount import unscaled
from adapters.metering.record import UsageRecord


class Period(Enum):
    """The lengths of time over which usage is summed, in UTC."""

    HOUR = "hour"
    """Records whose retention is over count in the first hour of their day."""
    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Which records are meant. Both ends should be at midnight UTC, or old days are cut off."""

    from_ns: int
    until_ns: int
    """The first instant that is not meant any more."""
    customer: str = ""
    """Empty: all of them."""

    def arguments(self, time_format: str = "") -> dict[str, str | int]:
        """What queries call `from_ns`, `until_ns`, `customer` and `format`."""
        return {
            "from_ns": self.from_ns,
            "until_ns": self.until_ns,
            "customer": self.customer,
            "format": time_format,
        }


class Total(NamedTuple):
    """The usage of one customer in one period."""

    period: str
    """`2019-06-01T10`, `2019-06-01`, `2019-06`, `2019`, or empty for all time."""
    customer: str
    what: str
    unit: str
    amount: Decimal
    record_count: int


class Entry(NamedTuple):
    """One line of a ledger: a record, or the sum of a day."""

    id: str
    """Hexadecimal; empty for a sum."""
    begin_ns: int
    end_ns: int
    customer: str
    what: str
    unit: str
    amount: Decimal
    source: str
    reference: str
    record_count: int


def entry_of(row: Sequence[Any]) -> Entry:
    """An entry of a row: its fields in order, with the decimals before the amount."""
    *head, decimals, amount, source, reference, record_count = row
    entry_id, begin_ns, end_ns, customer, what, unit = head
    return Entry(
        id=entry_id,
        begin_ns=begin_ns,
        end_ns=end_ns,
        customer=customer,
        what=what,
        unit=unit,
        amount=unscaled(amount, decimals),
        source=source,
        reference=reference,
        record_count=record_count,
    )


class Ledger(Protocol):
    """One thread at a time may use it. All raise UnavailableError without the database."""

    def append(self, records: Sequence[UsageRecord]) -> int:
        """Adds the records whose id is new, all or none; says how many. Durable on return."""

    def compact(self, before_ns: int, most: int) -> int:
        """Puts sums by day in place of at most so many records from before that instant.

        Says how many they were.
        """

    def totals(self, span: Span, period: Period) -> Iterator[Total]:
        """Sums, in the order of period, customer, what and unit."""

    def entries(self, span: Span) -> Iterator[Entry]:
        """All lines in the order of their begin."""

    def close(self) -> None:
        """Later calls raise UnavailableError."""
