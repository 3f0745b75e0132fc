"""Envoy's own filters: RBAC, local rate limit, and access loggers for a file and for counters."""

import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from benchmarks.arm import Arm, Claim, Counters, Place, Running, Sent
from benchmarks.placing.envoy import LISTENER, Proxy
from benchmarks.placing.guard import Guard, equal, run
from benchmarks.scenario import NativePolicy, Scenario, Workload
from benchmarks.scenarios.policy import GROUP_HEADER, USER_HEADER
from mixer.envoy.part import Part, typed
from mixer.envoy.process import EnvoyProcess

_HTTP: Final = "envoy.extensions.filters.http"
_RBAC: Final = f"http.{LISTENER}.rbac."
_LIMIT: Final = "quota.http_local_rate_limit."
_METRICS: Final = "native"
_REQUESTS: Final = f"{_METRICS}.requests_total."
_LOG: Final = "access.log"
_LINES: Final = "lines"
_ANY: Final = {"any": True}
_TIMEOUT_S: Final = 60.0


def guard(scenario: Scenario, place: Place) -> Guard:
    """Guards by filters that are compiled into Envoy."""
    policy, log = _policy(scenario), place.folder / _LOG
    log.touch()
    return Guard(
        proxy=Proxy(
            filters=(_rbac(policy), *_limits(policy)),
            access_log=(_file(log), _counters()) if policy.has_telemetry else (),
        ),
        read=lambda envoy: _read(envoy, log if policy.has_telemetry else None),
        claims=lambda counters, sent: _claims(policy, counters, sent),
    )


def _policy(scenario: Scenario) -> NativePolicy:
    assert scenario.native is not None, "other scenarios are refused"
    return scenario.native


def _rbac(policy: NativePolicy) -> Part:
    users = [
        {"header": {"name": USER_HEADER, "string_match": {"exact": user}}}
        for user in policy.denied_users
    ]
    policies = {
        "users": {"permissions": [_ANY], "principals": users},
        **{
            # By the order of their names, policies are tried as Mixer tries its rules.
            f"path-{number:05}": {
                "permissions": [{"url_path": {"path": {"exact": path}}}],
                "principals": [_ANY],
            }
            for number, path in enumerate(policy.denied_paths)
        },
    }
    rules = {"action": "DENY", "policies": policies}
    return typed("envoy.filters.http.rbac", f"{_HTTP}.rbac.v3.RBAC", rules=rules)


def _limits(policy: NativePolicy) -> Iterator[Part]:
    if policy.quota_per_s is None:
        return
    always = {"default_value": {"numerator": 100, "denominator": "HUNDRED"}}
    yield typed(
        "envoy.filters.http.local_ratelimit",
        f"{_HTTP}.local_ratelimit.v3.LocalRateLimit",
        stat_prefix=_LIMIT.partition(".")[0],
        token_bucket={
            "max_tokens": policy.quota_per_s,
            "tokens_per_fill": policy.quota_per_s,
            "fill_interval": "1s",
        },
        filter_enabled=always,
        filter_enforced=always,
    )


def _file(path: Path) -> Part:
    fields = {
        "time": "%START_TIME%",
        "method": "%REQ(:METHOD)%",
        "path": "%PATH(NQ)%",
        "code": "%RESPONSE_CODE%",
        "duration": "%DURATION%",
        "user": f"%REQ({USER_HEADER})%",
        "group": f"%REQ({GROUP_HEADER})%",
    }
    kind = "envoy.extensions.access_loggers.file.v3.FileAccessLog"
    return typed(
        "envoy.access_loggers.file", kind, path=str(path), log_format={"json_format": fields}
    )


def _counters() -> Part:
    tags = [
        {"name": "response_code", "value_format": "%RESPONSE_CODE%"},
        {"name": "user_group", "value_format": f"%REQ({GROUP_HEADER})%"},
    ]
    return typed(
        "envoy.access_loggers.stats",
        "envoy.extensions.access_loggers.stats.v3.Config",
        stats_scope={"prefix": _METRICS},
        counters=[{"stat": {"name": "requests_total", "tags": tags}, "value_fixed": 1}],
        histograms=[
            {
                "stat": {"name": "request_duration", "tags": tags},
                "unit": "Milliseconds",
                "value_format": "%DURATION%",
            }
        ],
    )


def _read(envoy: EnvoyProcess, log: Path | None) -> Counters:
    stats = envoy.stats(f"^({_RBAC}|{_LIMIT}|{_REQUESTS})".replace(".", r"\."))
    if log is None:
        return stats
    # Envoy writes what it has gathered now and then, or when it is told to open the file anew.
    _post(f"http://{envoy.admin.address}/reopen_logs")
    lines = log.read_bytes().splitlines()
    return {**stats, _LINES: sum(1 for line in lines if _is_whole(line))}


def _post(url: str) -> None:
    request = urllib.request.Request(url, method="POST")  # noqa: S310
    urllib.request.urlopen(request, timeout=_TIMEOUT_S).close()  # noqa: S310


def _is_whole(line: bytes) -> bool:
    return line.startswith(b"{") and line.endswith(b"}")


def _claims(policy: NativePolicy, counters: Counters, sent: Sent) -> Iterator[Claim]:
    passed = sent.by_status.get(200, 0)
    yield equal("RBAC: requests allowed", counters.get(f"{_RBAC}allowed", 0), passed)
    denied = counters.get(f"{_RBAC}denied", 0)
    yield equal("RBAC: requests denied", denied, sent.by_status.get(403, 0))
    if policy.quota_per_s is not None:
        yield equal("rate limit: requests within", counters.get(f"{_LIMIT}ok", 0), passed)
        yield equal("rate limit: requests seen", counters.get(f"{_LIMIT}enabled", 0), passed)
    if policy.has_telemetry:
        counted = sum(count for name, count in counters.items() if name.startswith(_REQUESTS))
        yield equal("Envoy: requests in its metrics", counted, sent.count)
        yield equal("Envoy: lines in its log", counters[_LINES], sent.count)


def start(scenario: Scenario, _workload: Workload, place: Place, stack: ExitStack) -> Running:
    """Starts it; see `benchmarks.arm`."""
    return run(guard(scenario, place), place, stack)


def refuses(scenario: Scenario) -> str | None:
    """Anything but the policies that come with the project."""
    if scenario.native is None:
        return "nobody has translated this policy for Envoy's own filters"
    return None


ARM: Final = Arm(
    name="native", title="Envoy's own filters", color_order=2, start=start, refuses=refuses
)
