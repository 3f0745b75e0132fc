"""The policy of the scenarios that come with the project, as Mixer's configuration.

All verdicts may be kept equally long, so that it is the requests alone that decide on how many are
answered from a cache.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from benchmarks.scenario import NativePolicy, Workload
from benchmarks.scenarios.adapter_delay import write_delay
from benchmarks.scenarios.documents import (
    NAMESPACE,
    Document,
    handler,
    instance,
    manifest,
    rule,
    write,
)

USER_HEADER: Final = "x-user"
GROUP_HEADER: Final = "x-group"
QUOTA: Final = "requests"
REQUESTS_METRIC: Final = "istio_requests_total"
"""The metric that counts requests, as Prometheus sees it."""

_FILE: Final = "policy.yaml"
_DENIED_USERS: Final = tuple(f"denied-user-{number}" for number in range(10))
_QUOTA_PER_S: Final = 1_000_000
_PERMISSION_DENIED: Final = 7
_TYPES: Final = {
    "context.reporter.kind": "STRING",
    "destination.namespace": "STRING",
    "request.headers": "STRING_MAP",
    "request.method": "STRING",
    "request.time": "TIMESTAMP",
    "request.url_path": "STRING",
    "response.code": "INT64",
    "response.duration": "DURATION",
    "source.namespace": "STRING",
}
_USER: Final = f'request.headers["{USER_HEADER}"] | "nobody"'
_GROUP: Final = f'request.headers["{GROUP_HEADER}"] | "none"'
_DIMENSIONS: Final = {"response_code": "response.code | 0", "user_group": _GROUP}
_LOG_VARIABLES: Final = {
    "method": 'request.method | ""',
    "path": 'request.url_path | ""',
    "code": "response.code | 0",
    "duration": 'response.duration | "0s"',
    "user": _USER,
    "group": _GROUP,
}
_BOUNDS_S: Final = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0]


def native_policy(
    workload: Workload, *, has_quota: bool = False, has_telemetry: bool = False
) -> NativePolicy:
    """The policy in the terms of all proxies."""
    return NativePolicy(
        denied_users=_DENIED_USERS,
        denied_paths=tuple(f"/denied/{number}" for number in range(workload.rule_count)),
        quota_per_s=_QUOTA_PER_S if has_quota else None,
        has_telemetry=has_telemetry,
    )


def write_policy(policy: NativePolicy, workload: Workload, folder: Path) -> None:
    """Writes the same as Mixer's configuration to a directory."""
    documents = [
        manifest(_TYPES),
        *_denied_users(policy),
        *_denied_paths(policy),
        *(_quota(policy.quota_per_s) if policy.quota_per_s is not None else ()),
        *(_telemetry() if policy.has_telemetry else ()),
    ]
    write(folder / _FILE, documents)
    write_delay(folder, workload.adapter_delay_ms)


def _denied_users(policy: NativePolicy) -> Iterator[Document]:
    users = list(policy.denied_users)
    yield handler("denied-users", "listchecker", overrides=users, blacklist=True)
    yield instance("user", "listentry", value=_USER)
    yield rule("deny-users", "denied-users", "user")


def _denied_paths(policy: NativePolicy) -> Iterator[Document]:
    status = {"code": _PERMISSION_DENIED, "message": "nobody may see this"}
    valid = {"validDuration": "300s", "validUseCount": 10_000}  # those of listchecker
    yield handler("denied-paths", "denier", status=status, **valid)
    yield instance("nothing", "checknothing")
    for number, path in enumerate(policy.denied_paths):
        match = f'request.url_path == "{path}"'
        yield rule(f"deny-path-{number:05}", "denied-paths", "nothing", match=match)


def _quota(per_s: int) -> Iterator[Document]:
    limit = {"name": _full(QUOTA), "maxAmount": per_s, "validDuration": "1s"}
    yield handler("limits", "memquota", quotas=[limit])
    yield instance(QUOTA, "quota", dimensions={})
    yield rule("limit-requests", "limits", QUOTA)


def _telemetry() -> Iterator[Document]:
    yield handler(
        "metrics",
        "prometheus",
        listenAddress="127.0.0.1:0",
        metrics=[
            _metric("requests_total", "request-count", kind="COUNTER"),
            _metric(
                "request_duration_seconds",
                "request-duration",
                kind="DISTRIBUTION",
                buckets={"explicitBuckets": {"bounds": _BOUNDS_S}},
            ),
        ],
    )
    yield instance("request-count", "metric", value="1", dimensions=_DIMENSIONS)
    duration = 'response.duration | "0s"'
    yield instance("request-duration", "metric", value=duration, dimensions=_DIMENSIONS)
    yield rule("measure-requests", "metrics", "request-count", "request-duration")
    # To standard output, since a proxy can write to no file of its own.
    yield handler("log", "stdio", outputAsJson=True)
    yield instance(
        "access-log",
        "logentry",
        severity='"info"',
        timestamp="request.time",
        variables=_LOG_VARIABLES,
    )
    yield rule("log-requests", "log", "access-log")


def _metric(name: str, of: str, **more: Any) -> Document:
    labels = sorted(_DIMENSIONS)
    return {"name": name, "instanceName": _full(of), "labelNames": labels, **more}


def _full(name: str) -> str:
    return f"{name}.instance.{NAMESPACE}"
