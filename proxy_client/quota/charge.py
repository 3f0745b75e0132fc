"""What a request has to pay, and what is asked of Mixer for it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

MAX_AMOUNT: Final = (1 << 63) - 1
"""The most that the protocol can say."""


@dataclass(frozen=True, slots=True)
class QuotaCharge:
    """What one request takes of one quota."""

    name: str
    """The quota; what Mixer's rules call its instance."""
    amount: int = 1
    """How many tokens, at least 1."""

    def __post_init__(self) -> None:
        """Raises ValueError for an amount that cannot be charged."""
        if not self.name:
            raise ValueError("a quota needs a name")
        if not 1 <= self.amount <= MAX_AMOUNT:
            raise ValueError(f"quota {self.name}: cannot charge {self.amount}")


class QuotaRequest(NamedTuple):
    """One quota of a call to Mixer."""

    name: str
    amount: int
    best_effort: bool
    """Whether less than `amount` is welcome."""


def merged(charges: Iterable[QuotaCharge]) -> Sequence[QuotaCharge]:
    """One charge for each quota: what was charged twice is added up, in the order of first charges.

    A call to Mixer names each quota once. The original's last charge replaced the others there,
    but its prefetched tokens paid for all of them.
    """
    found: dict[str, QuotaCharge] = {}
    for charge in charges:
        other = found.get(charge.name)
        found[charge.name] = charge if other is None else _sum(charge, other)
    return tuple(found.values())


def _sum(charge: QuotaCharge, other: QuotaCharge) -> QuotaCharge:
    return QuotaCharge(charge.name, min(charge.amount + other.amount, MAX_AMOUNT))
