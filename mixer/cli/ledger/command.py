"""`mixs ledger`: the group of its commands."""

import click

from mixer.cli.ledger.correct import correct
from mixer.cli.ledger.export import export
from mixer.cli.ledger.invoice import invoice
from mixer.cli.ledger.totals import totals
from mixer.cli.option import CONTEXT_SETTINGS


@click.group(context_settings=CONTEXT_SETTINGS)
def ledger() -> None:
    """Sums, exports and prices the usage that adapter metering has recorded."""


for _command in (totals, export, invoice, correct):
    ledger.add_command(_command)
