"""`mixs ledger sum`: how much was used."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

import click

from adapters.metering.ledger import Period, Total
from mixer.cli.ledger.access import ledger_option, opened, period_option, span_of, span_options
from mixer.cli.ledger.form import Form, form_option, show
from mixer.cli.option import CONTEXT_SETTINGS, option

_COLUMNS: Final = ("period", "customer", "what", "unit", "amount", "records")


@click.command("sum", context_settings=CONTEXT_SETTINGS)
@ledger_option
@option(
    "--by",
    type=click.Choice(["customer", "what"]),
    multiple=True,
    default=("customer", "what"),
    help="What has sums of its own, beside periods and units.",
)
@period_option
@span_options
@form_option
def totals(
    ledger: str, by: Sequence[str], period: Period, output: Form, **span: datetime | None
) -> None:
    """Sums usage by customer and period.

    \b
    mixs ledger sum --ledger usage.db --from 2026-01-01 --to 2026-02-01

    Usage counts in the period in which it began. Amounts of different units are never added.
    """  # noqa: D301 - click wants the real \b
    with opened(ledger) as book:
        found = book.totals(span_of(**span), period)  # type: ignore[arg-type]
        show(_COLUMNS, list(_rows(found, by)), output)


def _rows(found: Iterable[Total], by: Sequence[str]) -> Iterator[tuple[str | int, ...]]:
    sums: defaultdict[tuple[str, str, str, str], tuple[Decimal, int]] = defaultdict(
        lambda: (Decimal(0), 0)
    )
    for total in found:
        key = (
            total.period,
            total.customer if "customer" in by else "",
            total.what if "what" in by else "",
            total.unit,
        )
        amount, record_count = sums[key]
        sums[key] = amount + total.amount, record_count + total.record_count
    for key in sorted(sums):
        amount, record_count = sums[key]
        yield *key, format(amount, "f"), record_count
