"""`mixs ledger export`: what the ledger holds, line by line."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import click

from adapters.metering.ledger import Entry
from mixer.attribute.value import Timestamp
from mixer.cli.ledger.access import ledger_option, opened, span_of, span_options
from mixer.cli.ledger.form import Form, show
from mixer.cli.option import CONTEXT_SETTINGS, option

_COLUMNS: Final = (
    *("id", "begin", "end", "customer", "what", "amount", "unit"),
    *("source", "reference", "records"),
)


@click.command(context_settings=CONTEXT_SETTINGS)
@ledger_option
@span_options
@option(
    "-o",
    "--output",
    type=click.Choice([Form.CSV.value, Form.JSON.value]),
    default=Form.CSV.value,
    help="csv for spreadsheets, json for programs (one object a line).",
)
def export(ledger: str, output: str, **span: datetime | None) -> None:
    """Prints all usage records, in the order of time.

    \b
    mixs ledger export --ledger usage.db --from 2026-01-01 > usage.csv

    Records whose retention is over stand there as sums by customer and day, without an id.
    """  # noqa: D301 - click wants the real \b
    with opened(ledger) as book:
        entries = book.entries(span_of(**span))  # type: ignore[arg-type]
        show(_COLUMNS, map(_row, entries), Form(output))


def _row(entry: Entry) -> Sequence[str | int]:
    return (
        entry.id,
        str(Timestamp(entry.begin_ns)),
        str(Timestamp(entry.end_ns)),
        entry.customer,
        entry.what,
        format(entry.amount, "f"),
        entry.unit,
        entry.source,
        entry.reference,
        entry.record_count,
    )
