"""Metering as configurations name it, in a Mixer that serves."""

import time
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from adapters.metering import INFO
from adapters.metering.ledger import Period, Span, Total
from adapters.metering.ledger.address import open_ledger
from benchmarks.micro.adapters.postgres_server import fresh_database
from mixer.adapter import Timestamp
from mixer.adapter.testing import Link
from mixer.attribute.bag import MappingBag
from mixer.config.store import read_text
from mixer.errors import ConfigErrors, DispatchError
from mixer.runtime import Runtime
from tests.integration.spy import Registry

EXAMPLE = Path(__file__).parents[3] / "examples" / "adapters" / "metering" / "policy.yaml"
ALWAYS = Span(from_ns=0, until_ns=2**63 - 1)


def mixer(ledger, **changes):
    """A Mixer with the example's configuration, but for the ledger, some of its meters, and that it
    waits for its ledger on a busy machine, too."""
    documents = list(yaml.safe_load_all(EXAMPLE.read_text()))
    (handler,) = (one["spec"] for one in documents if one["kind"] == "handler")
    handler["isolation"] = {**handler.get("isolation", {}), "timeout": "30s"}
    handler["params"].update(ledger=ledger, timeout="10s")
    handler["params"]["meters"][0].update(changes)
    runtime = Runtime(Registry(INFO))
    runtime.apply(read_text(yaml.safe_dump_all(documents)))
    return runtime


def request(name, size, user="acme"):
    now = time.time_ns()
    return MappingBag(
        {
            "request.id": name,
            "request.time": Timestamp(now),
            "response.time": Timestamp(now + 10**9),
            "response.total_size": size,
            "source.user": user,
        }
    )


def totals(address):
    ledger = open_ledger(address)
    try:
        return list(ledger.totals(ALWAYS, Period.ALL))
    finally:
        ledger.close()


def test_a_request_is_charged_for_all_that_it_used_and_once(address):
    one, two = request("r-1", 100), request("r-2", 2000)
    runtime = mixer(address)
    runtime.dispatcher.report([one, two])
    runtime.dispatcher.report([two, request("r-3", 5, user="")])  # nobody's is metered by no rule
    runtime.close()

    assert totals(address) == [
        Total("", "acme", "api-calls", "call", Decimal(2), 2),
        Total("", "acme", "traffic", "byte", Decimal(2100), 2),
    ]


def test_a_report_that_the_ledger_did_not_take_is_not_acknowledged(postgres):
    with fresh_database(postgres, "cut_off") as url, Link(postgres) as link:
        runtime = mixer(url.replace(postgres, link.address))
        link.cut()
        with pytest.raises(DispatchError, match="failed to report all values: usage"):
            runtime.dispatcher.report([request("r-1", 100)])
        link.mend()
        runtime.dispatcher.report([request("r-1", 100)])
        runtime.close()

        assert [total.amount for total in totals(url)] == [1, 100]


def test_a_change_of_configuration_loses_nothing(address):
    before = mixer(address)
    before.dispatcher.report([request("r-1", 100)])
    after = mixer(address, what="calls")
    before.dispatcher.report([request("r-2", 100)])
    after.dispatcher.report([request("r-1", 100), request("r-3", 100)])
    before.close()
    after.close()

    assert totals(address) == [
        Total("", "acme", "api-calls", "call", Decimal(2), 2),
        Total("", "acme", "calls", "call", Decimal(1), 1),
        Total("", "acme", "traffic", "byte", Decimal(300), 3),
    ]


def test_a_bad_meter_is_refused_at_its_place():
    with pytest.raises(ConfigErrors) as failure:
        mixer("usage.db", decimals=12)

    assert [str(error).partition(": ")[2] for error in failure.value.errors] == [
        "handler/istio-system/usage: params.meters[0].decimals: must be from 0 to 9"
    ]
