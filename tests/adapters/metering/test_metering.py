import sqlite3
import threading
from contextlib import contextmanager
from decimal import Decimal

import pytest
from prometheus_client import REGISTRY

from adapters.metering import INFO, IdFrom, Meter, Params
from adapters.metering.ledger import Period, Span, Total
from adapters.metering.ledger.address import open_ledger
from mixer.adapter import Duration, InstanceType, Timestamp, UnavailableError, ValueType
from mixer.adapter.testing import BackendBattery, Battery, FakeClock, start
from mixer.template.metric import Instance
from tests.patience import SOON_S

NAME = "calls.instance.shop"
METER = Meter(instance=NAME, what="api-calls", unit="call")
ALWAYS = Span(from_ns=0, until_ns=2**63 - 1)
JUNE_1 = "2019-06-01"  # where a FakeClock begins, at 10:00


def sample(request, value=1, *, customer="acme", **dimensions):
    return Instance(
        name=NAME, value=value, dimensions={"customer": customer, "id": request, **dimensions}
    )


def recording(address, **more):
    """Params of a handler that waits for its ledger on a busy machine, too."""
    more = {"meters": (METER,), **more}
    return Params(ledger=address, timeout=Duration.parse("10s"), **more)


def totals(address, period=Period.DAY):
    ledger = open_ledger(address)
    try:
        return list(ledger.totals(ALWAYS, period))
    finally:
        ledger.close()


def outcomes(handler="metering.test"):
    return {
        outcome: REGISTRY.get_sample_value(
            "mixer_adapter_metering_records_total", {"handler": handler, "outcome": outcome}
        )
        or 0.0
        for outcome in ("recorded", "duplicate", "refused")
    }


def test_what_is_reported_again_is_charged_once(address):
    before = outcomes()
    with start(INFO, recording(address)) as handler:
        handler.handle_metric([sample("r-1"), sample("r-2", 5)])
        handler.handle_metric([sample("r-2", 5), sample("r-3", 10), sample("r-3", 10)])

    assert totals(address) == [Total(JUNE_1, "acme", "api-calls", "call", Decimal(16), 3)]
    assert {name: count - before[name] for name, count in outcomes().items()} == {
        "recorded": 3,
        "duplicate": 2,
        "refused": 0,
    }


def test_it_is_also_known_by_a_handler_that_comes_after(address):
    for _ in range(2):
        with start(INFO, recording(address)) as handler:
            handler.handle_metric([sample("r-1"), sample("r-2", 5)])

    assert totals(address) == [Total(JUNE_1, "acme", "api-calls", "call", Decimal(6), 2)]


def test_a_bad_sample_does_not_keep_the_others_from_being_recorded(address):
    before = outcomes()
    with (
        start(INFO, recording(address)) as handler,
        pytest.raises(ValueError) as failure,
    ):
        handler.handle_metric([sample("r-1"), sample(""), sample("r-2"), sample("r-3", -1)])

    assert str(failure.value) == (
        f"2 of 4 samples refused: {NAME}: dimension id is empty; {NAME}: negative: -1"
    )
    assert totals(address) == [Total(JUNE_1, "acme", "api-calls", "call", Decimal(2), 2)]
    assert outcomes()["refused"] - before["refused"] == 2


def test_durations_are_charged_by_the_second(address):
    meter = Meter(instance=NAME, what="compute", unit="s", decimals=3)
    with start(INFO, recording(address, meters=(meter,))) as handler:
        handler.handle_metric([sample("r-1", Duration.parse("1.2344s"))])
        handler.handle_metric([sample("r-2", Duration.parse("10ms"))])

    assert totals(address) == [Total(JUNE_1, "acme", "compute", "s", Decimal("1.244"), 2)]


def test_usage_counts_when_it_began(address):
    meter = Meter(instance=NAME, what="api-calls", unit="call", begin="from", end="to")
    evening, morning = "2019-05-31T23:59:59Z", "2019-06-01T00:00:01Z"
    times = {"from": Timestamp.parse(evening), "to": Timestamp.parse(morning)}
    with start(INFO, recording(address, meters=(meter,))) as handler:
        handler.handle_metric([sample("r-1", **times)])

    assert [total.period for total in totals(address)] == ["2019-05-31"]


def test_records_are_summed_when_their_retention_is_over(address):
    clock = FakeClock()
    params = recording(address, retention=Duration.parse("24h"))
    with start(INFO, params, clock=clock) as handler:
        handler.handle_metric([sample("r-1", 5), sample("r-2", 7)])
        clock.advance(24 * 3600)
        handler.handle_metric([sample("r-1", 5)])
        recent = totals(address)
        clock.advance(3660)  # what clocks may differ by, and the interval of the work
        ledger = open_ledger(address)
        lines = [(entry.id == "", entry.amount) for entry in ledger.entries(ALWAYS)]
        ledger.close()

    assert recent == [Total(JUNE_1, "acme", "api-calls", "call", Decimal(12), 2)]
    assert lines == [(True, 12)]
    assert totals(address) == recent


def test_what_comes_after_its_retention_is_refused_rather_than_charged_again(address):
    clock = FakeClock()
    meter = Meter(instance=NAME, what="api-calls", unit="call", begin="from")
    params = recording(address, meters=(meter,), retention=Duration.parse("24h"))
    late = sample("r-1", 5, **{"from": Timestamp.parse("2019-06-01T09:59:59Z")})
    with start(INFO, params, clock=clock) as handler:
        handler.handle_metric([late])
        clock.advance(26 * 3600)
        with pytest.raises(ValueError, match="older than the retention"):
            handler.handle_metric([late])

    assert totals(address) == [Total(JUNE_1, "acme", "api-calls", "call", Decimal(5), 1)]


def test_many_threads_lose_nothing_and_charge_nothing_twice(address):
    """Each request is reported by two of eight threads."""
    params = recording(address)

    def work(handler, number):
        for n in range(40):
            handler.handle_metric([sample(f"{number // 2}.{n}.{k}", n) for k in range(3)])

    with start(INFO, params) as handler:
        threads = [threading.Thread(target=work, args=(handler, number)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(SOON_S)

    # 4 × 3 × (0 + 1 + … + 39)
    assert totals(address) == [Total(JUNE_1, "acme", "api-calls", "call", Decimal(9360), 480)]


def test_a_full_disk_is_told_and_nothing_of_the_report_is_kept(tmp_path):
    path = tmp_path / "usage.db"
    with start(INFO, recording(str(path))) as handler:
        connection = handler._ledger._connection
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(UnavailableError, match="database or disk is full"):
            handler.handle_metric([sample("r" * 2000 + str(n)) for n in range(10)])
        connection.execute("PRAGMA max_page_count = 100000")
        handler.handle_metric([sample("r-1")])

    assert totals(str(path)) == [Total(JUNE_1, "acme", "api-calls", "call", Decimal(1), 1)]


def test_a_file_that_cannot_be_made_is_refused_at_once(tmp_path):
    with (
        pytest.raises(OSError, match="unable to open database file"),
        start(INFO, recording(str(tmp_path / "none" / "usage.db"))),
    ):
        pass


def test_a_commit_is_on_the_disk_before_it_is_acknowledged(tmp_path):
    with start(INFO, recording(str(tmp_path / "usage.db"))) as handler:
        asked = handler._ledger._connection.execute
        settings = [
            asked(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")
        ]

    assert settings == ["wal", 2]  # 2 is FULL


def test_a_server_that_would_acknowledge_too_early_is_told_not_to(postgres):
    url = f"postgresql://postgres@{postgres}/postgres?options=-csynchronous_commit%3Doff"
    ledger = open_ledger(url)
    setting = ledger._connected().execute("SHOW synchronous_commit").fetchone()
    ledger.close()

    assert setting == ("on",)


def test_any_sqlite_program_can_read_the_ledger(tmp_path):
    with start(INFO, recording(str(tmp_path / "usage.db"))) as handler:
        handler.handle_metric([sample("r-1", 5)])
        with sqlite3.connect(tmp_path / "usage.db") as connection:
            rows = connection.execute("SELECT customer, what, amount FROM mixer_usage").fetchall()
        connection.close()

    assert rows == [("acme", "api-calls", 5)]


BAD = (
    Params(meters=(METER,)),
    Params(ledger="usage.db", meters=(Meter(instance=NAME, id_from=IdFrom.CONTENT),)),
    Params(ledger="usage.db", retention=Duration(0)),
)
TYPES = {
    NAME: InstanceType(
        template="metric",
        fields={
            "value": ValueType.INT64,
            "dimensions": {"customer": ValueType.STRING, "id": ValueType.STRING},
        },
    )
}


class Asking:
    """Reports one request after the other."""

    info = INFO
    bad_params = BAD
    instances = TYPES
    _count = 0
    _lock = threading.Lock()

    def ask(self, handler):
        with self._lock:
            Asking._count += 1
            request = f"r-{Asking._count}"
        handler.handle_metric([sample(request)])


class TestSqlite(Asking, Battery):
    call_count = 3_000

    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path):
        self._path = tmp_path / "usage.db"

    def params(self):
        return recording(str(self._path))


class TestPostgres(Asking, BackendBattery):
    call_count = 1_000

    @pytest.fixture(autouse=True)
    def _server(self, postgres):
        self._address = postgres

    @contextmanager
    def backend(self):
        yield self._address

    def params_for(self, address):
        url = f"postgresql://postgres@{address}/postgres"
        return recording(url)
