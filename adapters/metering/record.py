"""From an instance to a usage record, and what makes a record the same as another.

The id of a record is a digest of the instance's name, the customer, and what the meter says tells
requests apart. The customer is part of it so that nobody can use up the ids of others; the name of
the instance, so that one request can be charged for several things.
"""

import os
import re
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Final, NamedTuple

from adapters.metering.amount import to_amount
from adapters.metering.params import IdFrom, Meter
from mixer.adapter import Timestamp, Value, stringify
from mixer.template.metric import Instance

_ID_SIZE: Final = 16
_HOUR_NS: Final = 3600 * 10**9
_MAX_TEXT: Final = 4096
_NOT_TEXT: Final = re.compile("[\0\ud800-\udfff]")


class UsageRecord(NamedTuple):
    """Who used how much of what, and when. Never changed: corrections are records too."""

    id: bytes
    """16 bytes; a ledger keeps one record of each id."""
    begin_ns: int
    """Since 1970; the period in which it is charged is the one that holds this instant."""
    end_ns: int
    customer: str
    what: str
    unit: str
    decimals: int
    amount: int
    """In units of 10⁻ᵈᵉᶜⁱᵐᵃˡˢ of `unit`; negative in corrections only."""
    source: str
    """The instance it comes from, or who has corrected."""
    reference: str
    """The request's own id, or why it was corrected."""


def digest(parts: Iterable[str]) -> bytes:
    """The id of a record; two differ when any part does."""
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_ID_SIZE).digest()


class RecordReader:
    """Makes the records of one meter."""

    def __init__(self, meter: Meter, retention_ns: int) -> None:
        self._meter = meter
        self._retention_ns = retention_ns

    def read(self, instance: Instance, now_ns: int) -> UsageRecord:
        """The record of a sample; raises ValueError that says why there can't be one."""
        meter, dimensions = self._meter, instance.dimensions
        customer = _text(dimensions, meter.customer)
        begin_ns = _instant(dimensions, meter.begin, now_ns)
        self._check_age(begin_ns, now_ns)
        has_id = meter.id_from is IdFrom.DIMENSION
        reference = _text(dimensions, meter.id) if has_id else ""
        return UsageRecord(
            id=self._id(instance, customer, reference),
            begin_ns=begin_ns,
            end_ns=max(begin_ns, _instant(dimensions, meter.end, begin_ns)),
            customer=customer,
            what=meter.what,
            unit=meter.unit,
            decimals=meter.decimals,
            amount=to_amount(instance.value, meter.decimals),
            source=meter.instance,
            reference=reference,
        )

    def _check_age(self, begin_ns: int, now_ns: int) -> None:
        if begin_ns < now_ns - self._retention_ns:
            raise ValueError(f"older than the retention: {Timestamp(begin_ns)}")
        if begin_ns > now_ns + _HOUR_NS:
            raise ValueError(f"in the future: {Timestamp(begin_ns)}")

    def _id(self, instance: Instance, customer: str, reference: str) -> bytes:
        match self._meter.id_from:
            case IdFrom.DIMENSION:
                return digest((self._meter.instance, customer, reference))
            case IdFrom.CONTENT:
                content = instance.dimensions.items()
                texts = (text for name, value in sorted(content) for text in (name, _exact(value)))
                return digest((self._meter.instance, _exact(instance.value), *texts))
            case IdFrom.NONE:
                return os.urandom(_ID_SIZE)


def _text(dimensions: Mapping[str, Value], name: str) -> str:
    text = stringify(dimensions.get(name))
    if not text:
        raise ValueError(f"dimension {name} is empty")
    # A record that a database refuses would spoil those that share its transaction.
    if len(text) > _MAX_TEXT or _NOT_TEXT.search(text):
        raise ValueError(f"dimension {name} is no text of at most {_MAX_TEXT} characters")
    return text


def _instant(dimensions: Mapping[str, Value], name: str, default_ns: int) -> int:
    if not name:
        return default_ns
    value = dimensions.get(name)
    if not isinstance(value, Timestamp):
        raise ValueError(f"dimension {name} is no TIMESTAMP")  # noqa: TRY004 - as all others
    return int(value)


def _exact(value: Value | None) -> str:
    # The text of a timestamp ends with microseconds, which would make equals of two requests.
    return str(int(value)) if isinstance(value, Timestamp) else stringify(value)
