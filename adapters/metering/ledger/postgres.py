"""A ledger in PostgreSQL: one for all Mixers of a fleet."""

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, TypeVar

from adapters.metering.amount import unscaled
from adapters.metering.ledger import Entry, Period, Span, Total, entry_of
from adapters.metering.record import UsageRecord
from mixer.adapter import UnavailableError, needs_extra

with needs_extra("postgres"):
    import psycopg
    from psycopg.abc import PQGen
    from psycopg.rows import TupleRow

_T = TypeVar("_T")

_SCHEMA_LOCK: Final = 0x6D697865725F7531  # any number will do, if all Mixers take the same
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS mixer_usage (
  id bytea PRIMARY KEY,
  begin_ns bigint NOT NULL,
  end_ns bigint NOT NULL,
  customer text NOT NULL,
  what text NOT NULL,
  unit text NOT NULL,
  decimals smallint NOT NULL,
  amount bigint NOT NULL,
  source text NOT NULL,
  reference text NOT NULL
);
CREATE INDEX IF NOT EXISTS mixer_usage_begin ON mixer_usage (begin_ns);
CREATE TABLE IF NOT EXISTS mixer_usage_day (
  begin_ns bigint NOT NULL,
  customer text NOT NULL,
  what text NOT NULL,
  unit text NOT NULL,
  decimals smallint NOT NULL,
  amount bigint NOT NULL,
  record_count bigint NOT NULL
);
CREATE INDEX IF NOT EXISTS mixer_usage_day_begin ON mixer_usage_day (begin_ns);
"""
# One statement is one transaction and one round trip, however many records it has.
_INSERT: Final = """
INSERT INTO mixer_usage SELECT * FROM unnest(
  %s::bytea[], %s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::text[], %s::smallint[],
  %s::bigint[], %s::text[], %s::text[]
) ON CONFLICT (id) DO NOTHING
"""
# Mixers that do it at the same time take different records.
_COMPACT: Final = """
WITH oldest AS (
  SELECT id FROM mixer_usage WHERE begin_ns < %s ORDER BY begin_ns LIMIT %s
  FOR UPDATE SKIP LOCKED
), gone AS (
  DELETE FROM mixer_usage WHERE id IN (SELECT id FROM oldest) RETURNING *
), summed AS (
  INSERT INTO mixer_usage_day
  SELECT begin_ns - begin_ns %% 86400000000000, customer, what, unit, decimals, SUM(amount),
    COUNT(*)
  FROM gone GROUP BY 1, 2, 3, 4, 5
)
SELECT COUNT(*) FROM gone
"""
_IN_SPAN: Final = """
begin_ns >= %(from_ns)s AND begin_ns < %(until_ns)s AND %(customer)s IN ('', customer)
"""
_TOTALS: Final = f"""
SELECT COALESCE(to_char(to_timestamp(begin_ns / 1000000000) AT TIME ZONE 'UTC', %(format)s), ''),
  customer COLLATE "C", what COLLATE "C", unit COLLATE "C", decimals, SUM(amount)::text,
  SUM(record_count)::bigint
FROM (
  SELECT begin_ns, customer, what, unit, decimals, amount, 1 AS record_count
  FROM mixer_usage WHERE {_IN_SPAN}
  UNION ALL SELECT * FROM mixer_usage_day WHERE {_IN_SPAN}
) AS used
GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
"""  # noqa: S608 - all of it is constant
_ENTRIES: Final = f"""
SELECT encode(id, 'hex'), begin_ns, end_ns, customer, what, unit, decimals, amount, source,
  reference, 1 FROM mixer_usage WHERE {_IN_SPAN}
UNION ALL
SELECT '', begin_ns, begin_ns + 86400000000000, customer, what, unit, decimals, amount, '', '',
  record_count FROM mixer_usage_day WHERE {_IN_SPAN}
ORDER BY 2, 1
"""  # noqa: S608 - as above
_FORMATS: Final = {
    Period.HOUR: 'YYYY-MM-DD"T"HH24',
    Period.DAY: "YYYY-MM-DD",
    Period.MONTH: "YYYY-MM",
    Period.YEAR: "YYYY",
    Period.ALL: "",
}
_CONNECT_S: Final = 2
"""The shortest that the client library knows for a connection. All answers on the way to a ledger
that can be used, such as that its tables were made, get as much at least."""
_FETCH: Final = 1_000


class _Connection(psycopg.Connection[TupleRow]):
    """A connection that waits for no answer longer than it should."""

    timeout_s: float | None = None

    def wait(self, gen: PQGen[_T], interval: float = 0.1, timeout: float | None = None) -> _T:
        """As of its parent. A server that hangs must not keep the handler's threads."""
        return super().wait(gen, interval, self.timeout_s if timeout is None else timeout)


class PostgresLedger:
    """See `Ledger`. Connects when it is asked, and anew after any failure."""

    def __init__(self, url: str, timeout_s: float | None = None) -> None:
        """`timeout_s` is how long to wait for each answer."""
        self._url = url
        self._timeout_s = timeout_s
        self._connection: _Connection | None = None
        self._is_closed = False

    def append(self, records: Sequence[UsageRecord]) -> int:
        """See `Ledger.append`."""
        # In order of ids, or two Mixers that are sent the same could wait for each other.
        columns = [list(column) for column in zip(*sorted(records), strict=True)]
        return self._do(lambda it: it.execute(_INSERT, columns, prepare=True).rowcount)

    def compact(self, before_ns: int, most: int) -> int:
        """See `Ledger.compact`."""
        return self._do(lambda it: int(_only(it.execute(_COMPACT, (before_ns, most)))))

    def totals(self, span: Span, period: Period) -> Iterator[Total]:
        """See `Ledger.totals`."""
        rows = self._rows(_TOTALS, span.arguments(_FORMATS[period]))
        for name, customer, what, unit, decimals, amount, record_count in rows:
            total = unscaled(int(amount), decimals)
            yield Total(name, customer, what, unit, total, record_count)

    def entries(self, span: Span) -> Iterator[Entry]:
        """See `Ledger.entries`."""
        yield from map(entry_of, self._rows(_ENTRIES, span.arguments()))

    def close(self) -> None:
        """See `Ledger.close`."""
        self._is_closed = True
        self._drop()

    def _rows(self, query: str, arguments: dict[str, str | int]) -> Iterator[TupleRow]:
        # A cursor with a name stays on the server, so that a large ledger fits here too.
        with (
            self._told(),
            self._connected().transaction() as transaction,
            transaction.connection.cursor("ledger") as cursor,
        ):
            cursor.itersize = _FETCH
            yield from cursor.execute(query, arguments)

    def _do(self, work: Callable[[_Connection], _T]) -> _T:
        with self._told():
            return work(self._connected())

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except psycopg.Error as error:
            self._drop()
            reason = str(error).strip() or type(error).__name__
            raise UnavailableError(f"ledger: {reason}") from error

    def _connected(self) -> _Connection:
        if self._is_closed:
            raise UnavailableError("the ledger is closed")
        if self._connection is None:
            self._connection = _connect(self._url, self._timeout_s)
        return self._connection

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def _connect(url: str, timeout_s: float | None) -> _Connection:
    patience_s = max(timeout_s or 0, _CONNECT_S)
    connection = _Connection.connect(
        url,
        autocommit=True,
        connect_timeout=math.ceil(patience_s),
        application_name="mixer-metering",
    )
    try:
        connection.timeout_s = timeout_s and patience_s
        # A server may be told to acknowledge what is not on its disk yet; not for bills.
        connection.execute(
            "SELECT set_config('synchronous_commit', 'on', false) "
            "WHERE current_setting('synchronous_commit') = 'off'"
        )
        if not _only(connection.execute("SELECT to_regclass('mixer_usage_day') IS NOT NULL")):
            with connection.transaction():
                connection.execute("SELECT pg_advisory_xact_lock(%s)", (_SCHEMA_LOCK,))
                connection.execute(_SCHEMA)
        connection.timeout_s = timeout_s
    except BaseException:
        connection.close()
        raise
    return connection


def _only(cursor: psycopg.Cursor[TupleRow]) -> Any:
    row = cursor.fetchone()
    assert row is not None
    return row[0]
