"""Whatever is killed and whenever: what was acknowledged is there, and nothing is there twice."""

import subprocess
import sys
from decimal import Decimal
from pathlib import Path

from adapters.metering import INFO
from adapters.metering.ledger import Period, Span, Total
from adapters.metering.ledger.address import open_ledger
from mixer.adapter.testing import start
from tests.adapters.metering import killed
from tests.patience import LONG_S

ROOT = Path(__file__).resolve().parents[3]
ALWAYS = Span(from_ns=0, until_ns=2**63 - 1)


def acknowledged(*arguments):
    ran = subprocess.run(
        [sys.executable, killed.__file__, *arguments],
        check=True,
        capture_output=True,
        text=True,
        timeout=LONG_S,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
    )
    return ran.stdout.split()


def recorded(address):
    """The requests, and the totals."""
    ledger = open_ledger(address)
    try:
        entries = [entry.reference for entry in ledger.entries(ALWAYS)]
        return entries, list(ledger.totals(ALWAYS, Period.ALL))
    finally:
        ledger.close()


def resend(address, reports):
    """As a client does that has got no answer."""
    with start(INFO, killed.params(address)) as handler:
        for report in reports:
            handler.handle_metric([killed.sample(request) for request in report])


def total(record_count):
    return [Total("", "acme", "api-calls", "call", Decimal(3 * record_count), record_count)]


def test_killed_between_any_two_steps(address):
    stride = 5 if "postgresql" in address else 1  # only the lines of that ledger differ
    done = acknowledged("each-step", address, str(stride))
    steps = len({request.split(".")[0] for request in done})
    last = max(int(request.split(".")[0]) for request in done)
    reports = [
        report for step in range(1, last + 1, stride) for report in killed.requests_of_step(step)
    ]
    found, _ = recorded(address)

    assert last > 150, "a child does not run that few lines"
    assert steps > 5, "nearly none got to an acknowledgement"
    assert len(found) == len(set(found))
    assert set(done) <= set(found) < {request for report in reports for request in report}
    for report in reports:
        assert len(set(report) & set(found)) in (0, len(report)), "a report was torn apart"

    resend(address, reports)

    assert recorded(address)[1] == total(2 * len(reports))


def test_killed_while_old_records_are_summed(address):
    done = acknowledged("compacting", address, "1")
    _, totals = recorded(address)

    assert len(done) > 20, "a child does not run that few lines"
    assert totals == total(len(done))


def test_killed_at_any_time(address):
    done = acknowledged("any-time", address, "7")
    requests = [str(number) for number in range(killed.REQUEST_COUNT)]
    found, _ = recorded(address)

    assert len(set(done)) > 12
    assert len(found) == len(set(found))
    assert set(done) <= set(found)

    resend(address, [requests[first : first + 100] for first in range(0, len(requests), 100)])

    assert recorded(address)[1] == total(killed.REQUEST_COUNT)
