"""What usage costs: plans with tiers, computed in decimals."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    Context,
    Decimal,
    InvalidOperation,
)
from enum import Enum
from itertools import pairwise
from typing import Final

_WIDE: Final = Context(prec=100)


class Mode(Enum):
    """What the tiers of a price mean."""

    GRADUATED = 0
    """Each part of the amount costs what the tier that it falls into says."""
    VOLUME = 1
    """The whole amount costs what the tier that its end falls into says."""


class Rounding(Enum):
    """What becomes of fractions of the smallest coin, once in each line of an invoice."""

    HALF_EVEN = ROUND_HALF_EVEN
    HALF_UP = ROUND_HALF_UP
    DOWN = ROUND_DOWN
    UP = ROUND_CEILING


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """A price per unit, up to an amount."""

    up_to: int | None = None
    """The last unit, counted from 1 after what is free, that the tier covers. None, in the last
    tier only: it has no end."""
    unit_price: str = "0"
    """Of one unit: a decimal, in quotes because numbers of YAML are not exact."""

    def __post_init__(self) -> None:
        """Raises ValueError for a price that is none."""
        try:
            is_price = Decimal(self.unit_price) >= 0 and Decimal(self.unit_price).is_finite()
        except InvalidOperation:
            is_price = False
        if not is_price:
            raise ValueError(f"unit_price: want a decimal such as 0.002, got {self.unit_price!r}")

    @property
    def price(self) -> Decimal:
        """The price of one unit."""
        return Decimal(self.unit_price)


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What one kind of usage costs."""

    what: str
    unit: str
    free: int = 0
    """So many units of each period cost nothing; tiers count what is left."""
    mode: Mode = Mode.GRADUATED
    """`GRADUATED`: each part costs what its tier says; `VOLUME`: all of it costs what the tier says
    that the whole amount reaches."""
    tiers: tuple[Tier, ...]
    """In the order of their ends."""

    def __post_init__(self) -> None:
        """Raises ValueError for tiers that leave an amount without a price, or without one only."""
        if self.free < 0:
            raise ValueError("free must not be negative")
        if not self.tiers or self.tiers[-1].up_to is not None:
            raise ValueError("the last tier must have no up_to")
        ends = [0, *(tier.up_to or 0 for tier in self.tiers[:-1])]
        if any(low >= high for low, high in pairwise(ends)):
            raise ValueError("each tier must end above the one before")

    def cost(self, amount: Decimal) -> Decimal:
        """What an amount costs, not rounded. A negative one is a credit, at the first price."""
        if amount < 0:
            return _WIDE.multiply(amount, self.tiers[0].price)
        charged = max(Decimal(0), _WIDE.subtract(amount, Decimal(self.free)))
        if self.mode is Mode.VOLUME:
            return _WIDE.multiply(charged, self._tier_of(charged).price)
        return self._graduated(charged)

    def _tier_of(self, charged: Decimal) -> Tier:
        return next(tier for tier in self.tiers if tier.up_to is None or charged <= tier.up_to)

    def _graduated(self, charged: Decimal) -> Decimal:
        cost, begin = Decimal(0), Decimal(0)
        for tier in self.tiers:
            end = charged if tier.up_to is None else min(charged, Decimal(tier.up_to))
            cost = _WIDE.fma(_WIDE.subtract(end, begin), tier.price, cost)
            begin = end
        return cost


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The prices that some customers have agreed to."""

    prices: tuple[Price, ...]

    def __post_init__(self) -> None:
        """Raises ValueError where something has two prices."""
        named = [(price.what, price.unit) for price in self.prices]
        if len(set(named)) < len(named):
            raise ValueError("something has two prices")

    def find(self, what: str, unit: str) -> Price | None:
        """The price of something; None if the plan has none."""
        found = (price for price in self.prices if (price.what, price.unit) == (what, unit))
        return next(found, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceList:
    """All that an invoice needs to know beside the usage."""

    currency: str = ""
    """Such as EUR; it is printed, and means nothing else."""
    decimals: int = 2
    """Digits after the point that the smallest coin has."""
    rounding: Rounding = Rounding.HALF_EVEN
    """`HALF_EVEN`, `HALF_UP`, `DOWN` or `UP`: of each line of an invoice. A sum of lines is the sum
    of what they say."""
    plans: Mapping[str, Plan] = field(default_factory=dict)
    customers: Mapping[str, str] = field(default_factory=dict)
    """Which plan a customer has, by name."""
    default_plan: str = ""
    """The plan of all other customers; empty for none."""

    def __post_init__(self) -> None:
        """Raises ValueError for a plan that is not there."""
        if not 0 <= self.decimals <= 9:
            raise ValueError("decimals must be from 0 to 9")
        for name in (*self.customers.values(), *([self.default_plan] if self.default_plan else ())):
            if name not in self.plans:
                raise ValueError(f"there is no plan {name}")

    def plan_of(self, customer: str) -> Plan | None:
        """The plan of a customer; None if there is none."""
        return self.plans.get(self.customers.get(customer, self.default_plan))

    def rounded(self, cost: Decimal) -> Decimal:
        """A cost in whole coins."""
        return cost.quantize(Decimal(1).scaleb(-self.decimals), self.rounding.value, _WIDE)
