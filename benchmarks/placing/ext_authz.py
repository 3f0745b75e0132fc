"""Envoy's own filters that ask a Mixer: external authorization, rate limits and access logs.

Of the reader's own policy, quotas may depend on the client's address, on method, host and path, and
on what the proxy's owner tells; reports may not depend on the latter. Envoy has no more to tell.
"""

from collections.abc import Iterator
from typing import Final

from benchmarks.arm import Claim, Counters, Sent
from benchmarks.placing.envoy import LISTENER, Proxy
from benchmarks.placing.guard import Guard, equal
from benchmarks.placing.mixer_process import AUTHORIZE, RATE_LIMIT, Mixer
from benchmarks.placing.reported import claims_of_policy, read_policy
from benchmarks.scenario import Scenario
from benchmarks.scenarios.policy import GROUP_HEADER, USER_HEADER
from mixer.envoy import filters
from mixer.envoy.bootstrap import grpc_cluster
from mixer.envoy.part import Part
from mixer.envoy.process import EnvoyProcess

CLUSTER: Final = "mixer"
STATS: Final = f"http.{LISTENER}.ext_authz."
_FILTER: Final = "envoy.filters.http.ext_authz"
_PER_ROUTE: Final = (
    "type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute"
)
_LOGS: Final = "access_logs.grpc_access_log.logs_"
_READ: Final = (*(STATS + name for name in ("ok", "denied", "error")),)
_ENTRIES: Final = "entries reported"
_OF_REQUESTS: Final = {
    "request.method": ":method",
    "request.host": ":authority",
    "request.path": ":path",
}
"""What the reader's quotas may depend on, and the header that it is taken from."""


def guard_by_envoy(scenario: Scenario, mixer: Mixer) -> Guard:
    """Guards by a Mixer and Envoy's own filters."""
    return Guard(
        proxy=asking_proxy(scenario, mixer.address),
        processes={"mixer": mixer.pid},
        read=lambda envoy: _read(scenario, mixer, envoy),
        claims=lambda counters, sent: asking_claims(scenario, counters, sent),
        policy_calls=mixer.all_call_count,
    )


def asking_proxy(scenario: Scenario, mixer: str) -> Proxy:
    """An Envoy that asks the Mixer at an address; without an answer it refuses."""
    limits = filters.rate_limit(CLUSTER, "benchmark", failure_mode_deny=True)
    return Proxy(
        filters=(authorization(CLUSTER), *((limits,) if scenario.quotas else ())),
        clusters=(grpc_cluster(CLUSTER, mixer),),
        access_log=(_access_log(scenario),) if scenario.has_telemetry else (),
        rate_limits=tuple(_rate_limit(scenario, quota) for quota in scenario.quotas),
        settings_of_filters={_FILTER: _extensions(scenario)} if scenario.fixed_attributes else {},
    )


def authorization(cluster: str) -> Part:
    """The filter; what it can't have decided is answered with 503, unlike a denial."""
    return filters.ext_authz(cluster, failure_mode_allow=False, status_on_error={"code": 503})


def _extensions(scenario: Scenario) -> Part:
    settings = {"context_extensions": dict(scenario.fixed_attributes)}
    return {"@type": _PER_ROUTE, "check_settings": settings}


def _rate_limit(scenario: Scenario, quota: str) -> Part:
    said = {"quota": quota, **scenario.fixed_attributes}
    actions = [
        {"generic_key": {"descriptor_key": key, "descriptor_value": value}}
        for key, value in said.items()
    ]
    if scenario.native is None:
        actions += [
            {"request_headers": {"header_name": header, "descriptor_key": key}}
            for key, header in _OF_REQUESTS.items()
        ]
        actions.append({"remote_address": {}})
    return {"actions": actions}


def _access_log(scenario: Scenario) -> Part:
    if scenario.native is None:
        # Nobody knows which of them the reader's policy wants to report.
        logged = sorted({name for kind in scenario.kinds for name, _ in kind.headers})
    else:
        logged = [USER_HEADER, GROUP_HEADER]
    return filters.http_access_log(CLUSTER, additional_request_headers_to_log=logged)


def _read(scenario: Scenario, mixer: Mixer, envoy: EnvoyProcess) -> Counters:
    return {
        **envoy.stats(f"^({STATS}|{_LOGS})".replace(".", r"\.")),
        AUTHORIZE: mixer.call_count(AUTHORIZE),
        RATE_LIMIT: mixer.call_count(RATE_LIMIT),
        _ENTRIES: mixer.reported_entry_count(),
        **read_policy(scenario, mixer),
    }


def authorization_claims(counters: Counters, sent: Sent) -> Iterator[Claim]:
    """What the filter must have counted."""
    allowed, denied, failed = (counters.get(name, 0) for name in _READ)
    passed = sent.by_status.get(200, 0)
    yield equal("ext_authz: requests allowed", allowed, passed)
    yield equal("ext_authz: requests denied", denied, sent.by_status.get(403, 0))
    yield equal("ext_authz: failures", failed, 0)


def asking_claims(scenario: Scenario, counters: Counters, sent: Sent) -> Iterator[Claim]:
    """What must have been counted, by Envoy's filters and by Mixer."""
    passed = sent.by_status.get(200, 0)
    if scenario.native is None:
        decided = sum(counters.get(name, 0) for name in _READ)
        yield equal("ext_authz: requests decided", decided, sent.count)
    else:
        yield from authorization_claims(counters, sent)
    yield equal("Mixer: Checks answered", counters[AUTHORIZE], sent.count)
    if scenario.native is not None and scenario.quotas:
        yield equal("Mixer: rate limits answered", counters[RATE_LIMIT], passed)
    if scenario.has_telemetry:
        yield equal("Envoy: entries sent", counters.get(f"{_LOGS}written", 0), sent.count)
        yield equal("Envoy: entries dropped", counters.get(f"{_LOGS}dropped", 0), 0)
        yield equal("Mixer: entries reported", counters[_ENTRIES], sent.count)
    yield from claims_of_policy(scenario, counters, check_count=sent.count, sent=sent)
