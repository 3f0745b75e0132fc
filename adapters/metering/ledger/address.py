"""From what a configuration or a command says to a ledger."""

from pathlib import Path
from typing import Final

from adapters.metering.ledger import Ledger
from adapters.metering.ledger.sqlite import SqliteLedger

_SCHEMES: Final = ("postgresql://", "postgres://")


def open_ledger(address: str, timeout_s: float | None = None, *, create: bool = False) -> Ledger:
    """The ledger in a SQLite file, or behind the URL of a PostgreSQL database.

    `timeout_s` bounds each transaction; None does not. Without `create`, the file must be there.
    Raises UnavailableError where the file can't be opened, RegistrationError where the packages
    for PostgreSQL are missing; whether that server is there shows when it is asked.
    """
    if address.startswith(_SCHEMES):
        # Not at the top: it needs an extra, which those with SQLite do without.
        from adapters.metering.ledger.postgres import PostgresLedger  # noqa: PLC0415

        return PostgresLedger(address, timeout_s)
    return SqliteLedger(Path(address), timeout_s, create=create)
