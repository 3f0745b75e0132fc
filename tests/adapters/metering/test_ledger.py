"""Both kinds of ledgers, by one set of tests."""

import threading
from contextlib import suppress
from decimal import Decimal

import psycopg
import pytest

from adapters.metering.ledger import Entry, Period, Span, Total
from adapters.metering.ledger.address import open_ledger
from adapters.metering.record import UsageRecord, digest
from benchmarks.micro.adapters.postgres_server import fresh_database
from mixer.adapter import Timestamp, UnavailableError
from tests.patience import SOON_S

ALWAYS = Span(from_ns=0, until_ns=2**63 - 1)
DAY_NS = 86_400 * 10**9


def at(text):
    return int(Timestamp.parse(text))


def used(name, begin, amount, *, customer="acme", what="calls", unit="call", decimals=0):
    return UsageRecord(
        id=digest([name]),
        begin_ns=at(begin),
        end_ns=at(begin) + 5,
        customer=customer,
        what=what,
        unit=unit,
        decimals=decimals,
        amount=amount,
        source="calls.instance.shop",
        reference=name,
    )


@pytest.fixture
def ledger(address):
    made = open_ledger(address, 30, create=True)
    yield made
    made.close()


def test_a_record_that_comes_again_is_not_added_again(ledger):
    first, second = used("a", "2019-06-01T10:00:00Z", 3), used("b", "2019-06-01T10:00:00Z", 4)

    added = [ledger.append(batch) for batch in ([first], [first, second], [second, second])]

    assert added == [1, 1, 0]
    assert list(ledger.totals(ALWAYS, Period.ALL)) == [
        Total("", "acme", "calls", "call", Decimal(7), 2)
    ]


def test_the_first_of_two_records_with_the_same_id_counts(ledger):
    ledger.append([used("a", "2019-06-01T10:00:00Z", 3)])
    ledger.append([used("a", "2019-06-02T10:00:00Z", 1000)])

    assert [total.amount for total in ledger.totals(ALWAYS, Period.ALL)] == [3]


@pytest.mark.parametrize(
    ("period", "names"),
    [
        (Period.HOUR, ["2019-06-01T10", "2019-06-30T23", "2019-07-01T00", "2020-01-01T00"]),
        (Period.DAY, ["2019-06-01", "2019-06-30", "2019-07-01", "2020-01-01"]),
        (Period.MONTH, ["2019-06", "2019-07", "2020-01"]),
        (Period.YEAR, ["2019", "2020"]),
        (Period.ALL, [""]),
    ],
)
def test_periods_begin_in_utc(ledger, period, names):
    ledger.append(
        [
            used("a", "2019-06-01T10:00:00Z", 1),
            used("b", "2019-06-30T23:59:59.999999999Z", 1),
            used("c", "2019-07-01T00:00:00Z", 1),
            used("d", "2020-01-01T00:00:00Z", 1),
        ]
    )

    assert [total.period for total in ledger.totals(ALWAYS, period)] == names


def test_totals_tell_apart_customers_things_and_units(ledger):
    noon = "2019-06-01T12:00:00Z"
    ledger.append(
        [
            used("a", noon, 1, customer="zoo"),
            used("b", noon, 20, what="traffic", unit="byte"),
            used("c", noon, 300, what="traffic", unit="s"),
            used("d", noon, 4000),
            used("e", noon, 50000, customer="Zoo"),
        ]
    )

    assert list(ledger.totals(ALWAYS, Period.MONTH)) == [
        Total("2019-06", "Zoo", "calls", "call", Decimal(50000), 1),
        Total("2019-06", "acme", "calls", "call", Decimal(4000), 1),
        Total("2019-06", "acme", "traffic", "byte", Decimal(20), 1),
        Total("2019-06", "acme", "traffic", "s", Decimal(300), 1),
        Total("2019-06", "zoo", "calls", "call", Decimal(1), 1),
    ]


def test_a_span_takes_its_first_instant_and_not_its_last(ledger):
    ledger.append(
        [
            used("a", "2019-05-31T23:59:59.999999999Z", 1),
            used("b", "2019-06-01T00:00:00Z", 20),
            used("c", "2019-06-30T00:00:00Z", 300),
            used("d", "2019-06-02T00:00:00Z", 4000, customer="zoo"),
            used("e", "2019-07-01T00:00:00Z", 50000),
        ]
    )
    june = Span(
        from_ns=at("2019-06-01T00:00:00Z"), until_ns=at("2019-07-01T00:00:00Z"), customer="acme"
    )

    assert [total.amount for total in ledger.totals(june, Period.ALL)] == [320]
    assert [entry.reference for entry in ledger.entries(june)] == ["b", "c"]


def test_sums_are_exact_beyond_64_bits(ledger):
    ledger.append([used(str(n), "2019-06-01T10:00:00Z", 10**15) for n in range(9_300)])
    ledger.append([used("x", "2019-06-01T10:00:00Z", -1)])

    assert [total.amount for total in ledger.totals(ALWAYS, Period.ALL)] == [
        Decimal(9_300 * 10**15 - 1)
    ]


def test_entries_are_in_the_order_of_time(ledger):
    late, early = (
        used("b", "2019-06-02T10:00:00Z", 4),
        used("a", "2019-06-01T10:00:00Z", 125, decimals=2),
    )
    ledger.append([late, early])

    assert list(ledger.entries(ALWAYS)) == [
        Entry(
            id=early.id.hex(),
            begin_ns=early.begin_ns,
            end_ns=early.end_ns,
            customer="acme",
            what="calls",
            unit="call",
            amount=Decimal("1.25"),
            source="calls.instance.shop",
            reference="a",
            record_count=1,
        ),
        Entry(
            id=late.id.hex(),
            begin_ns=late.begin_ns,
            end_ns=late.end_ns,
            customer="acme",
            what="calls",
            unit="call",
            amount=Decimal(4),
            source="calls.instance.shop",
            reference="b",
            record_count=1,
        ),
    ]


def test_old_records_become_sums_by_customer_and_day(ledger):
    ledger.append(
        [
            used("a", "2019-06-01T10:00:00Z", 1),
            used("b", "2019-06-01T11:00:00Z", 20),
            used("c", "2019-06-01T11:00:00Z", 300, customer="zoo"),
            used("d", "2019-06-02T11:00:00Z", 4000),
            used("e", "2019-06-03T11:00:00Z", 50000),
        ]
    )
    before = list(ledger.totals(ALWAYS, Period.DAY))

    assert ledger.compact(at("2019-06-03T00:00:00Z"), 100) == 4
    assert [
        (
            entry.id != "",
            entry.begin_ns,
            entry.end_ns,
            entry.customer,
            entry.amount,
            entry.record_count,
        )
        for entry in ledger.entries(ALWAYS)
    ] == [
        (False, day := at("2019-06-01T00:00:00Z"), day + DAY_NS, "acme", 21, 2),
        (False, day, day + DAY_NS, "zoo", 300, 1),
        (False, day + DAY_NS, day + 2 * DAY_NS, "acme", 4000, 1),
        (True, noon := at("2019-06-03T11:00:00Z"), noon + 5, "acme", 50000, 1),
    ]
    assert list(ledger.totals(ALWAYS, Period.DAY)) == before


def test_old_records_are_summed_a_few_at_a_time(ledger):
    ledger.append([used(str(n), "2019-06-01T10:00:00Z", 1) for n in range(5)])
    before_ns = at("2019-06-02T00:00:00Z")

    assert [ledger.compact(before_ns, 2) for _ in range(4)] == [2, 2, 1, 0]
    assert list(ledger.totals(ALWAYS, Period.DAY)) == [
        Total("2019-06-01", "acme", "calls", "call", Decimal(5), 5)
    ]


def test_several_mixers_write_and_sum_at_the_same_time(address):
    """Each is sent everything, in an order of its own; no Mixer waits for another for ever."""
    records = [used(str(n), f"2019-06-0{n % 3 + 1}T10:00:00Z", 1) for n in range(300)]
    errors = []

    def work(offset):
        own = open_ledger(address, 30, create=True)
        try:
            for n in range(0, 300, 20):
                own.append([records[(n * 7 + k * 11 + offset) % 300] for k in range(300)][:60])
                own.append(records[n : n + 20])
                list(own.totals(ALWAYS, Period.DAY))
        except Exception as error:
            errors.append(error)
        finally:
            own.close()

    threads = [threading.Thread(target=work, args=(offset,)) for offset in (0, 100, 200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SOON_S)
    ledger = open_ledger(address)
    totals = list(ledger.totals(ALWAYS, Period.ALL))
    ledger.close()

    assert errors == []
    assert totals == [Total("", "acme", "calls", "call", Decimal(300), 300)]


def test_mixers_that_sum_at_the_same_time_sum_each_record_once(address):
    ledgers = [open_ledger(address, 30, create=True) for _ in range(3)]
    ledgers[0].append([used(str(n), "2019-06-01T10:00:00Z", 1) for n in range(500)])
    counts = []

    def work(ledger):
        while count := ledger.compact(2**62, 20):
            counts.append(count)

    threads = [threading.Thread(target=work, args=(ledger,)) for ledger in ledgers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SOON_S)
    while count := ledgers[0].compact(2**62, 20):  # what another one had locked
        counts.append(count)
    totals = list(ledgers[0].totals(ALWAYS, Period.ALL))
    for ledger in ledgers:
        ledger.close()

    assert sum(counts) == 500
    assert totals == [Total("", "acme", "calls", "call", Decimal(500), 500)]


def test_a_closed_ledger_is_unavailable(address):
    ledger = open_ledger(address, 0.4, create=True)
    ledger.close()

    with pytest.raises(UnavailableError):
        ledger.append([used("a", "2019-06-01T10:00:00Z", 1)])


def test_a_file_that_is_not_there_is_only_made_for_a_mixer(tmp_path):
    with pytest.raises(UnavailableError, match="unable to open database file"):
        open_ledger(str(tmp_path / "none.db"))

    assert not (tmp_path / "none.db").exists()


def test_a_file_that_somebody_keeps_locked_is_unavailable(tmp_path):
    first = open_ledger(str(tmp_path / "usage.db"), 0.05, create=True)
    second = open_ledger(str(tmp_path / "usage.db"), 0.05)
    first._connection.execute("BEGIN IMMEDIATE")

    with pytest.raises(UnavailableError, match="database is locked"):
        second.append([used("a", "2019-06-01T10:00:00Z", 1)])
    first._connection.execute("ROLLBACK")
    assert second.append([used("a", "2019-06-01T10:00:00Z", 1)]) == 1

    first.close()
    second.close()


def test_making_the_tables_may_take_longer_than_a_call(postgres):
    def append():
        ledger = open_ledger(url, 0.1)
        with suppress(UnavailableError):
            ledger.append([used("a", "2019-06-01T10:00:00Z", 1)])
        ledger.close()

    with (
        fresh_database(postgres, "slow_tables") as url,
        psycopg.connect(url) as other,
        psycopg.connect(url, autocommit=True) as watcher,
    ):
        other.execute("CREATE TABLE mixer_usage ()")  # whoever wants to make it waits for the end
        caller = threading.Thread(target=append)
        caller.start()
        while not watcher.execute("SELECT 1 FROM pg_locks WHERE NOT granted").fetchone():
            assert caller.is_alive()
        other.execute("SELECT pg_sleep(0.3)")
        other.rollback()
        caller.join(SOON_S)
        (table,) = watcher.execute("SELECT to_regclass('mixer_usage_day')").fetchone()

    assert table == "mixer_usage_day"


def test_a_server_that_is_not_there_is_unavailable():
    ledger = open_ledger("postgresql://mixer:secret@127.0.0.1:9/usage", 0.4)

    with pytest.raises(UnavailableError, match="ledger: .*refused") as failure:
        ledger.append([used("a", "2019-06-01T10:00:00Z", 1)])
    assert "secret" not in str(failure.value)
