"""What the commands have in common: which ledger, and which part of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import click

from adapters.metering.ledger import Ledger, Period, Span
from adapters.metering.ledger.address import open_ledger
from mixer.cli.option import option
from mixer.errors import MixerError

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DAY: Final = click.DateTime(["%Y-%m-%d"])

ledger_option: Final = option(
    "--ledger",
    required=True,
    metavar="FILE|URL",
    help="The SQLite file or the PostgreSQL URL that the adapter's params name.",
)
"""--ledger."""

period_option: Final = option(
    "--period",
    type=click.Choice(Period, case_sensitive=False),
    default=Period.MONTH.value,
    help="The length of time, in UTC, for which each sum is made.",
)
"""--period."""


def span_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """--from, --to and --customer, for `span_of`."""
    for add in (
        option("--customer", default="", metavar="NAME", help="Only that customer; else all."),
        option("--to", "until", type=_DAY, help="The first day that does not count any more."),
        option("--from", "since", type=_DAY, help="The first day that counts."),
    ):
        command = add(command)
    return command


def span_of(since: datetime | None, until: datetime | None, customer: str) -> Span:
    """What these options mean; days begin at midnight UTC. An end that is left out is open."""
    return Span(
        from_ns=0 if since is None else _to_ns(since),
        until_ns=2**63 - 1 if until is None else _to_ns(until),
        customer=customer,
    )


@contextmanager
def opened(address: str) -> Iterator[Ledger]:
    """The ledger; what goes wrong with it is printed, with exit code 1."""
    try:
        ledger = open_ledger(address)
        try:
            yield ledger
        finally:
            ledger.close()
    except (MixerError, OSError) as error:
        raise click.ClickException(str(error)) from error


def _to_ns(day: datetime) -> int:
    return (day.replace(tzinfo=UTC) - _EPOCH) // timedelta(microseconds=1) * 1000
