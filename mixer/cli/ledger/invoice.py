"""`mixs ledger invoice`: what the usage costs."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

import click

from adapters.metering.ledger import Period, Total
from adapters.metering.prices import Price, PriceList
from mixer.cli.ledger.access import ledger_option, opened, period_option, span_of, span_options
from mixer.cli.ledger.form import Form, form_option, show
from mixer.cli.option import CONTEXT_SETTINGS, option
from mixer.config.decode import decode
from mixer.config.yaml_source import BrokenDocument, Document, read_documents
from mixer.errors import ConfigError, ConfigErrors, MixerError

_COLUMNS: Final = ("period", "customer", "what", "unit", "amount", "cost", "currency")


@click.command(context_settings=CONTEXT_SETTINGS)
@ledger_option
@option(
    "--plans",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    metavar="FILE",
    help="The price plans, and which customer has which.",
)
@period_option
@span_options
@form_option
def invoice(
    ledger: str, plans: Path, period: Period, output: Form, **span: datetime | None
) -> None:
    """Says what the usage of each customer and period costs.

    \b
    mixs ledger invoice --ledger usage.db --plans plans.yaml --from 2026-01-01

    Free amounts and tiers begin anew in each period, so --from and --to should not cut one in two.
    Exits with 1, without printing any costs, when something that was used has no price; say that it
    costs 0 if that is meant.
    """  # noqa: D301 - click wants the real \b
    with opened(ledger) as book:
        prices = _read_prices(plans)
        found = book.totals(span_of(**span), period)  # type: ignore[arg-type]
        show(_COLUMNS, list(_lines(found, prices)), output)


def _lines(found: Iterable[Total], prices: PriceList) -> Iterator[tuple[str, ...]]:
    used = _joined(found)
    if missing := sorted({_name(total) for total in used if _price(total, prices) is None}):
        raise MixerError(f"no price for {', '.join(missing)}")
    for total in used:
        price = _price(total, prices)
        assert price is not None
        cost = format(prices.rounded(price.cost(total.amount)), "f")
        amount = format(total.amount, "f")
        yield (*total[:4], amount, cost, prices.currency)


def _joined(found: Iterable[Total]) -> list[Total]:
    """One total where the same was recorded with several numbers of decimals."""
    totals: dict[tuple[str, ...], Total] = {}
    for total in found:
        key = total.period, total.customer, total.what, total.unit
        other = totals.get(key)
        amount = total.amount + (other.amount if other else 0)
        totals[key] = total._replace(amount=amount)
    return list(totals.values())


def _price(total: Total, prices: PriceList) -> Price | None:
    plan = prices.plan_of(total.customer)
    return None if plan is None else plan.find(total.what, total.unit)


def _name(total: Total) -> str:
    return f"{total.what} in {total.unit} of customer {total.customer}"


def _read_prices(path: Path) -> PriceList:
    documents = list(read_documents(path.read_text(encoding="utf-8"), path.name))
    match documents:
        case [Document() as document]:
            decoded = decode(PriceList, document.data)
            errors = [document.error(where, what) for where, what in decoded.errors]
        case [BrokenDocument(errors=faults)]:
            errors = list(faults)
        case _:
            errors = [ConfigError(str(path), f"want one document, got {len(documents)}")]
    if errors:
        raise ConfigErrors(errors)
    return decoded.value
