"""Envoy's ext_authz asks a server in Python that decides nothing: what the transport costs."""

from contextlib import ExitStack
from typing import Final

from benchmarks.arm import Arm, Claim, Counters, Place, Running, Sent
from benchmarks.placing.envoy import Proxy
from benchmarks.placing.ext_authz import CLUSTER, STATS, authorization, authorization_claims
from benchmarks.placing.guard import Guard, equal, run
from benchmarks.placing.noop_ext_authz import call_count, start_noop
from benchmarks.placing.service import Service
from benchmarks.scenario import Scenario, Workload
from mixer.envoy.bootstrap import grpc_cluster
from mixer.envoy.process import EnvoyProcess

_CALLS: Final = "calls"


def guard(service: Service) -> Guard:
    """Asks the server about each request."""

    def read(envoy: EnvoyProcess) -> Counters:
        stats = envoy.stats("^" + STATS.replace(".", r"\."))
        return {**stats, _CALLS: call_count(service)}

    return Guard(
        proxy=Proxy(
            filters=(authorization(CLUSTER),), clusters=(grpc_cluster(CLUSTER, service.address),)
        ),
        processes={"noop": service.pid},
        read=read,
        claims=_claims,
        policy_calls=lambda: call_count(service),
    )


def _claims(counters: Counters, sent: Sent) -> list[Claim]:
    asked = equal("service: Checks answered", counters[_CALLS], sent.count)
    return [*authorization_claims(counters, sent), asked]


def start(_scenario: Scenario, _workload: Workload, place: Place, stack: ExitStack) -> Running:
    """Starts it; see `benchmarks.arm`."""
    return run(guard(start_noop(place, stack)), place, stack)


ARM: Final = Arm(
    name="noop-ext-authz",
    title="ext_authz server that decides nothing",
    color_order=9,
    start=start,
    has_policy=False,
    is_variant=True,
)
