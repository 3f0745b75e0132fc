"""A ledger in one file: what a Mixer has without any other server."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from adapters.metering.amount import unscaled
from adapters.metering.ledger import Entry, Period, Span, Total, entry_of
from adapters.metering.record import UsageRecord
from mixer.adapter import UnavailableError

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS mixer_usage (
  id BLOB NOT NULL PRIMARY KEY,
  begin_ns INTEGER NOT NULL,
  end_ns INTEGER NOT NULL,
  customer TEXT NOT NULL,
  what TEXT NOT NULL,
  unit TEXT NOT NULL,
  decimals INTEGER NOT NULL,
  amount INTEGER NOT NULL,
  source TEXT NOT NULL,
  reference TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS mixer_usage_begin ON mixer_usage (begin_ns);
CREATE TABLE IF NOT EXISTS mixer_usage_day (
  begin_ns INTEGER NOT NULL,
  customer TEXT NOT NULL,
  what TEXT NOT NULL,
  unit TEXT NOT NULL,
  decimals INTEGER NOT NULL,
  amount INTEGER NOT NULL,
  record_count INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS mixer_usage_day_begin ON mixer_usage_day (begin_ns);
"""
# Not INSERT OR IGNORE: that would pass over broken records too.
_INSERT: Final = """
INSERT INTO mixer_usage VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING
"""
_OLDEST: Final = """
SELECT id FROM mixer_usage WHERE begin_ns < :before_ns ORDER BY begin_ns, id LIMIT :most
"""
_SUM_UP: Final = f"""
INSERT INTO mixer_usage_day
SELECT begin_ns - begin_ns % 86400000000000, customer, what, unit, decimals, SUM(amount), COUNT(*)
FROM mixer_usage WHERE id IN ({_OLDEST}) GROUP BY 1, 2, 3, 4, 5
"""  # noqa: S608 - all of it is constant
_DELETE: Final = f"DELETE FROM mixer_usage WHERE id IN ({_OLDEST})"  # noqa: S608 - as above
_IN_SPAN: Final = """
begin_ns >= :from_ns AND begin_ns < :until_ns AND :customer IN ('', customer)
"""
# A sum of 64 bits would do for 107 days of a thousand seconds per second, in nanoseconds; so the
# upper and lower digits of amounts are summed apart.
_TOTALS: Final = f"""
SELECT strftime(:format, begin_ns / 1000000000, 'unixepoch') AS period, customer, what, unit,
  decimals, SUM(amount / 1000000000), SUM(amount % 1000000000), SUM(record_count)
FROM (
  SELECT begin_ns, customer, what, unit, decimals, amount, 1 AS record_count
  FROM mixer_usage WHERE {_IN_SPAN}
  UNION ALL SELECT * FROM mixer_usage_day WHERE {_IN_SPAN}
)
GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
"""  # noqa: S608 - as above
_ENTRIES: Final = f"""
SELECT lower(hex(id)), begin_ns, end_ns, customer, what, unit, decimals, amount, source, reference,
  1 FROM mixer_usage WHERE {_IN_SPAN}
UNION ALL
SELECT '', begin_ns, begin_ns + 86400000000000, customer, what, unit, decimals, amount, '', '',
  record_count FROM mixer_usage_day WHERE {_IN_SPAN}
ORDER BY 2, 1
"""  # noqa: S608 - as above
_FORMATS: Final = {
    Period.HOUR: "%Y-%m-%dT%H",
    Period.DAY: "%Y-%m-%d",
    Period.MONTH: "%Y-%m",
    Period.YEAR: "%Y",
    Period.ALL: "",
}
_PATIENCE_S: Final = 30.0
"""How long commands wait for a transaction of somebody else."""


class SqliteLedger:
    """See `Ledger`. Several processes may have the file open."""

    def __init__(self, path: Path, timeout_s: float | None = None, *, create: bool = False) -> None:
        """`timeout_s` is how long to wait for a transaction of another process."""
        self._path = path
        with self._told():
            self._connection = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode={'rwc' if create else 'rw'}",
                uri=True,
                timeout=_PATIENCE_S if timeout_s is None else timeout_s,
                isolation_level=None,
                check_same_thread=False,
            )
            # A write-ahead log needs one sync for each transaction; FULL makes it before COMMIT
            # returns, so what was acknowledged outlives a loss of power.
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = FULL")
            self._connection.executescript(_SCHEMA)

    def append(self, records: Sequence[UsageRecord]) -> int:
        """See `Ledger.append`."""
        with self._transaction():
            return self._connection.executemany(_INSERT, records).rowcount

    def compact(self, before_ns: int, most: int) -> int:
        """See `Ledger.compact`."""
        oldest = {"before_ns": before_ns, "most": most}
        with self._transaction():
            self._connection.execute(_SUM_UP, oldest)
            return self._connection.execute(_DELETE, oldest).rowcount

    def totals(self, span: Span, period: Period) -> Iterator[Total]:
        """See `Ledger.totals`."""
        with self._told():
            rows = self._connection.execute(_TOTALS, span.arguments(_FORMATS[period]))
            for name, customer, what, unit, decimals, upper, lower, record_count in rows:
                total = unscaled(upper * 10**9 + lower, decimals)
                yield Total(name, customer, what, unit, total, record_count)

    def entries(self, span: Span) -> Iterator[Entry]:
        """See `Ledger.entries`."""
        with self._told():
            yield from map(entry_of, self._connection.execute(_ENTRIES, span.arguments()))

    def close(self) -> None:
        """See `Ledger.close`."""
        self._connection.close()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._told():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):  # some failures have rolled it back already
                    self._connection.execute("ROLLBACK")
                raise

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise UnavailableError(f"ledger {self._path}: {error}") from error
