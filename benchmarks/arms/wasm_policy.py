"""The policy compiled for `policy_filter.wasm`: the same configuration, decided inside Envoy."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Final

from benchmarks.arm import WASM_POLICY, Arm, Claim, Counters, Place, Running, Sent
from benchmarks.placing.envoy import Proxy
from benchmarks.placing.guard import Guard, equal, run
from benchmarks.placing.policy_program import export_scenario
from benchmarks.placing.wasm import STATS, wasm_filter
from benchmarks.scenario import Scenario, Workload
from benchmarks.scenarios.policy import REQUESTS_METRIC
from mixer.envoy.process import EnvoyProcess

_DECIDED: Final = tuple(f"{STATS}policy_filter.{outcome}" for outcome in ("allowed", "denied"))
_REQUESTS: Final = f"{STATS}{REQUESTS_METRIC};"
_LINES: Final = "lines"
_LINE_START: Final = '{"level":"info",'


def guard(scenario: Scenario) -> Guard:
    """Guards by the filter of WebAssembly."""
    exported = export_scenario(scenario)
    program = json.dumps(exported.program, ensure_ascii=False, separators=(",", ":"))
    return Guard(
        proxy=Proxy(
            filters=(wasm_filter("policy_filter", program),),
            stats_tags=exported.stats_tags,
            # Its access log is Envoy's log.
            component_log_level="wasm:info" if scenario.has_telemetry else "",
        ),
        read=_read,
        claims=lambda counters, sent: _claims(scenario, counters, sent),
    )


def _read(envoy: EnvoyProcess) -> Counters:
    return {
        **envoy.stats("^" + STATS.replace(".", r"\.")),
        _LINES: envoy.log.count(_LINE_START),
    }


def _claims(scenario: Scenario, counters: Counters, sent: Sent) -> Iterator[Claim]:
    decided = sum(counters.get(name, 0) for name in _DECIDED)
    yield equal("policy filter: requests decided", decided, sent.count)
    if scenario.native is None or not scenario.has_telemetry:
        return
    counted = sum(count for name, count in counters.items() if name.startswith(_REQUESTS))
    yield equal("policy filter: requests in its metrics", counted, sent.count)
    yield equal("policy filter: lines in its log", counters[_LINES], sent.count)


def start(scenario: Scenario, _workload: Workload, place: Place, stack: ExitStack) -> Running:
    """Starts it; see `benchmarks.arm`."""
    return run(guard(scenario), place, stack)


def refuses(scenario: Scenario) -> str | None:
    """What has no place in a proxy; policies that come with the project have nothing of it."""
    if scenario.native is not None:
        return None
    refused = export_scenario(scenario).refused
    more = f" (and {len(refused) - 1} more)" if len(refused) > 1 else ""
    return f"no place in a proxy: {refused[0]}{more}" if refused else None


ARM: Final = Arm(
    name=WASM_POLICY,
    title="Policy filter (WebAssembly)",
    color_order=4,
    start=start,
    refuses=refuses,
)
