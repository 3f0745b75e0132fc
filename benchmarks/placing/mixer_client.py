"""The filter that is Mixer's client, and what must be counted when it asks and tells a Mixer."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from benchmarks.arm import Claim, Counters, Sent
from benchmarks.placing.envoy import Proxy
from benchmarks.placing.guard import Guard, equal
from benchmarks.placing.mixer_process import CHECK, REPORT, Mixer
from benchmarks.placing.reported import claims_of_policy, read_policy
from benchmarks.placing.wasm import STATS, wasm_filter
from benchmarks.scenario import Scenario
from mixer.envoy.bootstrap import grpc_cluster
from mixer.envoy.part import Part
from mixer.envoy.process import EnvoyProcess

CLUSTER: Final = "mixer"
_SERVICE: Final = "benchmark"
_STATS: Final = f"{STATS}http_mixer_filter.total_"
_FAILURES: Final = (
    *(f"remote_call_{kind}" for kind in ("timeouts", "send_errors", "other_errors")),
    *("reports_dropped", "report_bags_lost"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caching:
    """What Mixer's client keeps, and holds back."""

    is_on: bool
    """Whether it keeps verdicts, fetches quota before it is needed, and reports in batches; else it
    makes one Check and one Report for each request."""

    def transport(self) -> Part:
        """The fields of the client's configuration that say so."""
        switches = ("disable_check_cache", "disable_quota_cache", "disable_report_batch")
        return dict.fromkeys(switches, not self.is_on)


def guard_by_client(scenario: Scenario, caching: Caching, mixer: Mixer) -> Guard:
    """Guards by a Mixer and its client."""
    return Guard(
        proxy=client_proxy(scenario, caching, mixer.address),
        processes={"mixer": mixer.pid},
        read=lambda envoy: _read(scenario, mixer, envoy),
        claims=lambda counters, sent: client_claims(scenario, caching, counters, sent),
        policy_calls=mixer.all_call_count,
    )


def client_proxy(scenario: Scenario, caching: Caching, mixer: str) -> Proxy:
    """An Envoy that asks the Mixer at an address."""
    configuration = json.dumps(_configuration(scenario, caching))
    return Proxy(
        filters=(wasm_filter("mixer_client", configuration),),
        clusters=(grpc_cluster(CLUSTER, mixer),),
    )


def _configuration(scenario: Scenario, caching: Caching) -> Mapping[str, Any]:
    quotas = [{"quota": name, "charge": 1} for name in scenario.quotas]
    fixed = {name: {"string_value": text} for name, text in scenario.fixed_attributes.items()}
    return {
        "transport": {
            "check_cluster": CLUSTER,
            "report_cluster": CLUSTER,
            "network_fail_policy": {"policy": "FAIL_CLOSE"},
            "quota_fail_policy": "FAIL_CLOSE",
            **caching.transport(),
        },
        "default_destination_service": _SERVICE,
        "service_configs": {
            _SERVICE: {
                "disable_report_calls": not scenario.has_telemetry,
                "quota_spec": [{"rules": [{"quotas": quotas}]}] if quotas else [],
            }
        },
        "mixer_attributes": {"attributes": fixed},
    }


def _read(scenario: Scenario, mixer: Mixer, envoy: EnvoyProcess) -> Counters:
    stats = envoy.stats("^" + _STATS.replace(".", r"\."))
    return {
        **{name.removeprefix(_STATS): count for name, count in stats.items()},
        CHECK: mixer.call_count(CHECK),
        REPORT: mixer.call_count(REPORT),
        **read_policy(scenario, mixer),
    }


def client_claims(
    scenario: Scenario, caching: Caching, counters: Counters, sent: Sent
) -> Iterator[Claim]:
    """What must have been counted, by the client and by its Mixer."""
    yield from _claims_of_checks(caching, counters, sent)
    if scenario.quotas:
        yield Claim(
            what="client: quotas asked for",
            counted=counters.get("quota_calls", 0),
            least=sent.by_status.get(200, 0),
            most=sent.count,  # a Check asks for quota, too, even if it is denied then
        )
    if scenario.has_telemetry:
        yield from _claims_of_reports(caching, counters, sent)
    failures = sum(counters.get(name, 0) for name in _FAILURES)
    yield equal("client: failures", failures, 0)
    yield from claims_of_policy(scenario, counters, check_count=counters[CHECK], sent=sent)


def _claims_of_checks(caching: Caching, counters: Counters, sent: Sent) -> Iterator[Claim]:
    yield equal("client: requests checked", counters.get("check_calls", 0), sent.count)
    kept, asked, shared = (
        counters.get(name, 0)
        for name in ("check_cache_hits", "remote_check_calls", "check_calls_shared")
    )
    what = "client: answered from the cache, by Mixer, and together with others"
    yield equal(what, kept + asked + shared, sent.count)
    answered = counters.get("remote_call_successes", 0)
    yield equal("Mixer: Checks answered", counters[CHECK], answered)
    if not caching.is_on:
        yield equal("Mixer: Checks, one for each request", counters[CHECK], sent.count)


def _claims_of_reports(caching: Caching, counters: Counters, sent: Sent) -> Iterator[Claim]:
    yield equal("client: requests reported", counters.get("report_calls", 0), sent.count)
    answered = counters.get("remote_report_successes", 0)
    yield equal("Mixer: Reports answered", counters[REPORT], answered)
    if not caching.is_on:
        yield equal("Mixer: Reports, one for each request", counters[REPORT], sent.count)
