from decimal import Decimal

import pytest

from adapters.metering.prices import Mode, Plan, Price, PriceList, Rounding, Tier

TIERS = (
    Tier(up_to=100, unit_price="0.10"),
    Tier(up_to=1000, unit_price="0.05"),
    Tier(unit_price="0.01"),
)


def price(**fields):
    return Price(**{"what": "api-calls", "unit": "call", "tiers": TIERS} | fields)


@pytest.mark.parametrize(
    ("amount", "cost"),
    [
        ("0", "0"),
        ("1", "0.10"),
        ("100", "10.00"),
        ("101", "10.05"),  # 100 × 0.10 + 1 × 0.05
        ("1000", "55.00"),  # 100 × 0.10 + 900 × 0.05
        ("1001", "55.01"),
        ("2000.5", "65.005"),
        ("-3", "-0.30"),
    ],
)
def test_graduated_tiers_charge_each_part_at_its_own_price(amount, cost):
    assert price().cost(Decimal(amount)) == Decimal(cost)


@pytest.mark.parametrize(
    ("amount", "cost"),
    [("0", "0"), ("100", "10.00"), ("100.5", "5.025"), ("101", "5.05"), ("2000", "20.00")],
)
def test_volume_tiers_charge_all_at_the_price_of_the_end(amount, cost):
    assert price(mode=Mode.VOLUME).cost(Decimal(amount)) == Decimal(cost)


@pytest.mark.parametrize(
    ("amount", "cost"), [("49", "0"), ("50", "0"), ("51", "0.10"), ("151", "10.05")]
)
def test_what_is_free_comes_before_all_tiers(amount, cost):
    assert price(free=50).cost(Decimal(amount)) == Decimal(cost)


def test_costs_are_exact_for_large_amounts():
    flat = price(tiers=(Tier(unit_price="0.002"),))

    assert flat.cost(Decimal("1000000000000000000000000001.5")) == Decimal(
        "2000000000000000000000000.003"
    )


@pytest.mark.parametrize(
    ("rounding", "rounded"),
    [
        (Rounding.HALF_EVEN, ["0.12", "0.14", "-0.12"]),
        (Rounding.HALF_UP, ["0.13", "0.14", "-0.13"]),
        (Rounding.DOWN, ["0.12", "0.13", "-0.12"]),
        (Rounding.UP, ["0.13", "0.14", "-0.12"]),
    ],
)
def test_each_line_is_rounded_once(rounding, rounded):
    prices = PriceList(currency="EUR", rounding=rounding)
    costs = ["0.125", "0.135", "-0.125"]

    assert [str(prices.rounded(Decimal(cost))) for cost in costs] == rounded


def test_coins_may_have_no_decimals():
    assert str(PriceList(currency="JPY", decimals=0).rounded(Decimal("2.5"))) == "2"


def test_customers_have_their_plan_or_the_default():
    cheap, dear = (Plan(prices=(price(free=free),)) for free in (100, 0))
    prices = PriceList(
        plans={"cheap": cheap, "dear": dear}, customers={"acme": "cheap"}, default_plan="dear"
    )

    assert (prices.plan_of("acme"), prices.plan_of("zoo")) == (cheap, dear)
    assert PriceList(plans={"cheap": cheap}).plan_of("acme") is None


def test_a_price_is_for_one_unit_of_one_thing():
    plan = Plan(prices=(price(), price(unit="batch", free=7)))

    assert plan.find("api-calls", "batch") == price(unit="batch", free=7)
    assert plan.find("api-calls", "byte") is None


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Tier(unit_price="cheap"), "unit_price: want a decimal such as 0.002, got 'cheap'"),
        (lambda: Tier(unit_price="-1"), "unit_price: want a decimal such as 0.002, got '-1'"),
        (lambda: Tier(unit_price="NaN"), "unit_price: want a decimal such as 0.002, got 'NaN'"),
        (lambda: price(tiers=()), "the last tier must have no up_to"),
        (lambda: price(tiers=(Tier(up_to=5),)), "the last tier must have no up_to"),
        (lambda: price(tiers=(Tier(), Tier())), "each tier must end above the one before"),
        (
            lambda: price(tiers=(Tier(up_to=5), Tier(up_to=5), Tier())),
            "each tier must end above the one before",
        ),
        (lambda: price(free=-1), "free must not be negative"),
        (lambda: Plan(prices=(price(), price(free=1))), "something has two prices"),
        (lambda: PriceList(default_plan="gold"), "there is no plan gold"),
        (lambda: PriceList(customers={"acme": "gold"}), "there is no plan gold"),
        (lambda: PriceList(decimals=10), "decimals must be from 0 to 9"),
    ],
)
def test_prices_that_make_no_sense_are_refused(make, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        make()
