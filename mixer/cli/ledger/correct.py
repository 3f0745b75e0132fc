"""`mixs ledger correct`: a line that makes up for a wrong one."""

import time
from decimal import Decimal, InvalidOperation
from typing import Final

import click

from adapters.metering.amount import MAX_AMOUNT, MAX_DECIMALS, scaled
from adapters.metering.record import UsageRecord, digest
from mixer.cli.ledger.access import ledger_option, opened
from mixer.cli.option import CONTEXT_SETTINGS, option

_SOURCE: Final = "mixs ledger correct"
_MAX_EXPONENT: Final = 15


def _read_amount(_context: click.Context, _option: click.Parameter, text: str) -> Decimal:
    """A number that a ledger can keep; anything else is a usage error."""
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise click.BadParameter(f"{text!r} is no number") from None
    if not amount.is_finite() or amount.adjusted() > _MAX_EXPONENT:
        raise click.BadParameter(f"{text!r} is too large")
    if _decimals(amount) > MAX_DECIMALS:
        raise click.BadParameter(f"{text!r} has more than {MAX_DECIMALS} decimals")
    if abs(scaled(amount, _decimals(amount))) > MAX_AMOUNT:
        raise click.BadParameter(f"{text!r} is too large")
    return amount


@click.command(context_settings=CONTEXT_SETTINGS)
@ledger_option
@option("--id", "name", required=True, help="Names the correction; it is made once for each ID.")
@option("--customer", required=True, metavar="NAME", help="Whose usage was recorded wrongly.")
@option("--what", required=True, metavar="NAME", help="What was recorded wrongly.")
@option("--unit", required=True, metavar="NAME", help="What its amounts are counted in.")
@option(
    "--amount", callback=_read_amount, required=True, help="What to add; negative to take away."
)
@option("--why", default="", metavar="TEXT", help="What `mixs ledger export` says of it.")
def correct(ledger: str, name: str, amount: Decimal, why: str, **used: str) -> None:
    """Adds to, or takes away from, what a customer has used, as of now.

    \b
    mixs ledger correct --ledger usage.db --id ticket-7 --customer acme \\
      --what api-calls --unit call --amount -250 --why "outage of June 3"

    Nothing in a ledger is ever changed: the correction is a line of its own.
    """  # noqa: D301 - click wants the real \b
    decimals, now_ns = _decimals(amount), time.time_ns()
    record = UsageRecord(
        id=digest((_SOURCE, used["customer"], name)),
        begin_ns=now_ns,
        end_ns=now_ns,
        decimals=decimals,
        amount=scaled(amount, decimals),
        source=_SOURCE,
        reference=f"{name}: {why}" if why else name,
        customer=used["customer"],
        what=used["what"],
        unit=used["unit"],
    )
    with opened(ledger) as book:
        is_new = book.append([record])
    click.echo("corrected" if is_new else f"nothing to do: {name} was made before")


def _decimals(amount: Decimal) -> int:
    exponent = amount.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
