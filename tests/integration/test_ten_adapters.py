"""Ten adapters in one server, under load, while the back ends of three of them go away."""

import urllib.request
from decimal import Decimal

from prometheus_client import REGISTRY

from adapters.metering.ledger import Period, Span, Total
from adapters.metering.ledger.address import open_ledger
from benchmarks.free_port import free_port
from benchmarks.micro.adapters.postgres_server import fresh_database, running_postgres
from benchmarks.micro.adapters.redis_server import RedisServer
from mixer.adapter.testing import Link
from tests.adapters.zipkin_server import PATH, receiver
from tests.integration.ten_adapters import Load, configuration, identifier, ids_in
from tests.integration.wire import serving
from tests.patience import SOON_S

ALWAYS = Span(from_ns=0, until_ns=2**63 - 1)


def counted(name, **labels):
    return REGISTRY.get_sample_value(name, labels) or 0


def scraped(address):
    """The value of the metric that the policy has."""
    with urllib.request.urlopen(f"http://{address}/metrics", timeout=SOON_S) as answer:
        lines = answer.read().decode().splitlines()
    (value,) = (float(line.split()[-1]) for line in lines if line.startswith("istio_requests"))
    return value


def test_what_does_not_depend_on_a_dead_back_end_goes_on_and_nothing_is_lost_in_silence(tmp_path):
    config, archive = tmp_path / "config", tmp_path / "access.jsonl"
    config.mkdir()
    metrics = f"127.0.0.1:{free_port()}"
    allowed = {"handler": "shared-limits.istio-system", "on_error": "allow"}
    allowed_before = counted("mixer_rule_errors_total", **allowed)
    with (
        running_postgres() as postgres,
        fresh_database(postgres.address, "usage") as ledger_url,
        RedisServer(tmp_path) as redis,
        receiver() as zipkin,
        Link(zipkin.address) as link,
    ):
        (config / "policy.yaml").write_text(
            configuration(
                redis=redis.address,
                ledger=ledger_url,
                spans=f"http://{link.address}{PATH}",
                metrics=metrics,
                archive=archive,
            )
        )
        with serving(config, tmp_path, worker_threads=4) as (server, client):
            with Load(server.address) as load:
                load.run_on(own=100, refused=100, shared=100, acknowledged=100)
                redis.stop()
                postgres.kill()
                link.cut()
                load.run_on(
                    own=200,
                    refused=200,
                    **{"shared, without being asked": 100, "not acknowledged": 100},
                )
                redis.start()
                postgres.start()
                link.mend()
                load.run_on(own=100, refused=100, shared=100, acknowledged=100)
            ledger = open_ledger(ledger_url)
            recorded = [entry.reference for entry in ledger.entries(ALWAYS)]
            for number in load.refused:
                assert isinstance(load.report(client, number), bytes)
            totals = list(ledger.totals(ALWAYS, Period.ALL))
            ledger.close()
            reports = load.acknowledged + load.refused + load.refused
            counted_by_prometheus = scraped(metrics)

    assert load.wrong == []
    assert (
        counted("mixer_rule_errors_total", **allowed) - allowed_before
        == (load.counts["shared, without being asked"])
    )
    assert {identifier(number) for number in load.acknowledged} <= set(recorded)
    assert len(recorded) == len(set(recorded))
    charged = len(load.acknowledged) + len(load.refused)
    assert totals == [Total("", "alice", "calls", "call", Decimal(charged), charged)]
    assert counted_by_prometheus == len(reports)
    assert sorted(ids_in(archive)) == sorted(map(identifier, reports))
    dropped = counted("mixer_adapter_zipkin_dropped_total", handler="traces.istio-system")
    assert dropped > 0
    assert len(zipkin.all_names) + dropped >= len(reports)
