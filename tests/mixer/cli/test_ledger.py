import json

import pytest

from adapters.metering.ledger.address import open_ledger
from adapters.metering.record import UsageRecord, digest
from mixer.adapter import Timestamp
from mixer.cli.mixs import main

PLANS = """
currency: EUR
rounding: HALF_UP
plans:
  pay-as-you-go:
    prices:
    - what: api-calls
      unit: call
      free: 10
      tiers:
      - {upTo: 100, unitPrice: "0.10"}
      - {unitPrice: "0.025"}
    - what: traffic
      unit: byte
      mode: VOLUME
      tiers:
      - {unitPrice: "0.000001"}
  partner:
    prices:
    - {what: api-calls, unit: call, tiers: [{unitPrice: "0"}]}
    - {what: traffic, unit: byte, tiers: [{unitPrice: "0"}]}
customers: {zoo: partner}
defaultPlan: pay-as-you-go
"""


def used(name, begin, amount, *, customer="acme", what="api-calls", unit="call", decimals=0):
    begin_ns = int(Timestamp.parse(begin))
    return UsageRecord(
        digest([name]),
        begin_ns,
        begin_ns + 10**9,
        customer,
        what,
        unit,
        decimals,
        amount,
        "meter",
        name,
    )


@pytest.fixture
def usage(tmp_path):
    """The file of a ledger with three customers and two months."""
    path = tmp_path / "usage.db"
    ledger = open_ledger(str(path), create=True)
    ledger.append(
        [
            used("a", "2026-01-05T10:00:00Z", 60),
            used("b", "2026-01-31T23:59:59Z", 51),
            used("c", "2026-02-01T00:00:00Z", 5),
            used("d", "2026-01-05T10:00:00Z", 125_000, what="traffic", unit="byte"),
            used("e", "2026-01-06T10:00:00Z", 1_000, customer="zoo"),
            used("f", "2026-01-06T10:00:00Z", 50, customer="zoo", decimals=2),
        ]
    )
    ledger.close()
    return path


@pytest.fixture
def plans(tmp_path):
    path = tmp_path / "plans.yaml"
    path.write_text(PLANS)
    return path


def test_usage_is_summed_by_customer_and_month(run, usage):
    assert run(main, "ledger", "sum", "--ledger", usage).output == (
        "period   customer  what       unit  amount   records\n"
        "2026-01  acme      api-calls  call  111      2\n"
        "2026-01  acme      traffic    byte  125000   1\n"
        "2026-01  zoo       api-calls  call  1000.50  2\n"
        "2026-02  acme      api-calls  call  5        1\n"
    )


def test_sums_may_be_of_one_customer_for_some_days(run, usage):
    days = ("--from", "2026-01-05", "--to", "2026-01-31", "--customer", "acme")

    ran = run(main, "ledger", "sum", "--ledger", usage, *days, "--period", "day", "-o", "csv")

    assert ran.output == (
        "period,customer,what,unit,amount,records\n"
        "2026-01-05,acme,api-calls,call,60,1\n"
        "2026-01-05,acme,traffic,byte,125000,1\n"
    )


def test_sums_may_be_of_all_customers(run, usage):
    env = {"MIXS_LEDGER_SUM_LEDGER": str(usage)}

    ran = run(main, "ledger", "sum", "--by", "what", "--period", "all", "-o", "json", env=env)

    columns = ("period", "customer", "what", "unit", "amount", "records")
    assert [json.loads(line) for line in ran.output.splitlines()] == [
        dict(zip(columns, row, strict=True))
        for row in [
            ("", "", "api-calls", "call", "1116.50", 5),
            ("", "", "traffic", "byte", "125000", 1),
        ]
    ]


def test_records_are_exported_as_csv(run, usage):
    days = ("--from", "2026-01-31")

    assert run(main, "ledger", "export", "--ledger", usage, *days).output == (
        "id,begin,end,customer,what,amount,unit,source,reference,records\n"
        f"{digest(['b']).hex()},2026-01-31T23:59:59.000000Z,2026-02-01T00:00:00.000000Z,acme,"
        "api-calls,51,call,meter,b,1\n"
        f"{digest(['c']).hex()},2026-02-01T00:00:00.000000Z,2026-02-01T00:00:01.000000Z,acme,"
        "api-calls,5,call,meter,c,1\n"
    )


def test_an_invoice_prices_each_line_by_the_plan_of_its_customer(run, usage, plans):
    ran = run(main, "ledger", "invoice", "--ledger", usage, "--plans", plans, "-o", "csv")

    # 111 calls: 10 free, 100 × 0.10, 1 × 0.025 → 10.025; 125000 bytes → 0.125
    assert ran.output == (
        "period,customer,what,unit,amount,cost,currency\n"
        "2026-01,acme,api-calls,call,111,10.03,EUR\n"
        "2026-01,acme,traffic,byte,125000,0.13,EUR\n"
        "2026-01,zoo,api-calls,call,1000.50,0.00,EUR\n"
        "2026-02,acme,api-calls,call,5,0.00,EUR\n"
    )


def test_usage_without_a_price_is_told(run, usage, plans):
    plans.write_text(PLANS.replace("what: traffic", "what: trafic"))

    ran = run(main, "ledger", "invoice", "--ledger", usage, "--plans", plans)

    assert (ran.exit_code, ran.output) == (
        1,
        "Error: no price for traffic in byte of customer acme\n",
    )


def test_plans_that_make_no_sense_are_told_with_their_line(run, usage, plans):
    plans.write_text(PLANS.replace('"0.025"', "0.025").replace("free: 10", "free: ten"))

    ran = run(main, "ledger", "invoice", "--ledger", usage, "--plans", plans)

    assert ran.exit_code == 1
    place = "document 1: plans.pay-as-you-go.prices[0]"
    assert ran.output.splitlines() == [
        f'Error: plans.yaml:9: {place}.free: want an integer, got the string "ten"',
        f"plans.yaml:12: {place}.tiers[1].unitPrice: want a string, got the number 0.025; quote it",
    ]


def correction(usage, amount, name="ticket-7"):
    return (
        *("ledger", "correct", "--ledger", usage, "--id", name, "--customer", "acme"),
        *("--what", "api-calls", "--unit", "call", "--amount", amount, "--why", "outage"),
    )


def test_a_correction_is_a_line_of_its_own_and_made_once(run, usage):
    outputs = [run(main, *correction(usage, "-1.5")).output for _ in range(2)]
    lines = run(main, "ledger", "export", "--ledger", usage, "-o", "json").output.splitlines()
    last = json.loads(lines[-1])

    assert outputs == ["corrected\n", "nothing to do: ticket-7 was made before\n"]
    assert len(lines) == 7
    assert (last["amount"], last["source"], last["reference"]) == (
        "-1.5",
        "mixs ledger correct",
        "ticket-7: outage",
    )


@pytest.mark.parametrize(
    ("amount", "message"),
    [
        ("much", "'much' is no number"),
        ("NaN", "'NaN' is too large"),
        ("1e16", "'1e16' is too large"),
        ("1.0000000001", "'1.0000000001' has more than 9 decimals"),
    ],
)
def test_a_correction_must_be_a_number_that_a_ledger_can_keep(run, usage, amount, message):
    ran = run(main, *correction(usage, amount))

    assert (ran.exit_code, message in ran.output) == (2, True)


def test_a_ledger_that_is_not_there_is_told(run, tmp_path):
    ran = run(main, "ledger", "sum", "--ledger", tmp_path / "none.db")

    assert (ran.exit_code, ran.output) == (
        1,
        f"Error: ledger {tmp_path / 'none.db'}: unable to open database file\n",
    )
