"""The calls that are measured: at least one of each adapter."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import count, islice
from typing import Any, Final

from benchmarks.micro.adapters import stand_ins
from benchmarks.micro.adapters.subject import NAME, Services, Subject
from benchmarks.micro.timing import same
from mixer.adapter import QuotaArgs, Timestamp, ValueType
from mixer.template import (
    apikey,
    authorization,
    checknothing,
    kubernetes,
    listentry,
    logentry,
    lookup,
    metric,
    quota,
    tracespan,
)

Types = Mapping[str, ValueType | Mapping[str, ValueType]]

_STRING: Final = ValueType.STRING
_KEY: Final = "open-sesame"
_NOW: Final = Timestamp.parse("2026-01-02T03:04:05.678Z")
_LATER: Final = Timestamp.parse("2026-01-02T03:04:05.689Z")
_MUCH: Final = 1_000_000_000
_ROOM: Final = 1_000_000
_PATIENT: Final = {"timeout": "10s"}
"""So many may wait to be sent: what is dropped would cost too little."""
_SHOWN: Final = 1000
"""Entries of lists and tables, and roles."""

_REQUEST: Final = authorization.Instance(
    name=NAME,
    subject=authorization.Subject(user="alice", groups="staff"),
    action=authorization.Action(
        namespace="shop", service="products-7", method="GET", path="/products/1"
    ),
)
_SAMPLE: Final = metric.Instance(name=NAME, value=1, dimensions={"method": "GET", "code": 200})
_ENTRY: Final = logentry.Instance(
    name=NAME,
    variables={"method": "GET", "path": "/products/1", "code": 200},
    timestamp=_NOW,
    severity="info",
)
_SPAN: Final = tracespan.Instance(
    name=NAME,
    trace_id="463ac35c9f6413ad48485a3953bb6124",
    span_id="a2fb4a1d1a96d312",
    span_name="/products/1",
    start_time=_NOW,
    end_time=_LATER,
    http_status_code=200,
    span_tags={"http.method": "GET"},
)
_VALUE: Final[Types] = {"value": _STRING}
_SAMPLE_TYPES: Final[Types] = {
    "value": ValueType.INT64,
    "dimensions": {"method": _STRING, "code": ValueType.INT64},
}
_ENTRY_TYPES: Final[Types] = {
    "timestamp": ValueType.TIMESTAMP,
    "severity": _STRING,
    "variables": {"method": _STRING, "path": _STRING, "code": ValueType.INT64},
}
_QUOTA_TYPES: Final[Types] = {"dimensions": {"source": _STRING}}
_USAGE_TYPES: Final[Types] = {
    "value": ValueType.INT64,
    "dimensions": {"customer": _STRING, "id": _STRING},
}
_POLICY: Final = """
package mixerauthz
default allow := false
allow if input.subject.user in data.people.admins
allow if {
  input.action.method == "GET"
  startswith(input.action.path, "/products/")
}
"""
_PEOPLE: Final = """
package people
admins := {"bob", "carol"}
"""
_numbers: Final = count()


def all_calls() -> list[Subject]:
    """In the order in which they are shown."""
    return [*_decisions(), *_enrichment(), *_quotas(), *_usage(), *_telemetry()]


def _always(params: Mapping[str, Any]) -> Callable[[Services], Mapping[str, Any]]:
    return lambda _services: params


def _decisions() -> Iterator[Subject]:
    nothing = same(checknothing.Instance(name=NAME))
    words = [f"namespace-{number}" for number in range(_SHOWN)]
    word = same(listentry.Instance(name=NAME, value="shop"))
    key = {"name": "partner", "sha256": hashlib.sha256(_KEY.encode()).hexdigest()}
    key_call = apikey.Instance(name=NAME, api="orders", api_version="v1", api_key=_KEY)
    yield Subject(name="noop", params=_always({}), template="checknothing", inputs=nothing)
    yield Subject(name="denier", params=_always({}), template="checknothing", inputs=nothing)
    yield Subject(
        name=f"listchecker, {_SHOWN} words",
        params=_always({"overrides": words, "blacklist": True}),
        template="listentry",
        inputs=word,
        fields=_VALUE,
    )
    yield Subject(
        name="apikey",
        params=_always({"keys": [key]}),
        template="apikey",
        inputs=same(key_call),
    )
    yield Subject(
        name=f"rbac, {_SHOWN} roles",
        params=_always(_roles()),
        template="authorization",
        inputs=same(_REQUEST),
    )
    yield Subject(
        name="opa",
        params=_always({"policy": [_POLICY, _PEOPLE], "checkMethod": "data.mixerauthz.allow"}),
        template="authorization",
        inputs=same(_REQUEST),
    )
    yield Subject(
        name="opa-remote",
        params=lambda at: {
            "serverUrl": f"http://{at.http}",
            "checkMethod": "data.mixerauthz.allow",
            **_PATIENT,
        },
        template="authorization",
        inputs=same(_REQUEST),
        stand_ins={"adapters.opa_remote.handler.HttpClient": stand_ins.Http},
        talks=True,
    )
    yield Subject(
        name="webhook",
        params=lambda at: {"url": f"http://{at.http}/decide", **_PATIENT},
        template="authorization",
        inputs=same(_REQUEST),
        stand_ins={"adapters.webhook.handler.HttpClient": stand_ins.Http},
        talks=True,
    )
    yield Subject(
        name="remote",
        params=lambda at: {"address": at.grpc, "params": {"list": "staff"}, **_PATIENT},
        template="listentry",
        inputs=word,
        fields=_VALUE,
        stand_ins={"adapters.remote.handler.Client": stand_ins.BackEnd},
        talks=True,
    )


def _roles() -> Mapping[str, Any]:
    numbers = range(_SHOWN)
    return {
        "roles": [
            {
                "name": f"viewer-{number}",
                "namespace": "shop",
                "rules": [{"services": [f"products-{number}"], "methods": ["GET", "HEAD"]}],
            }
            for number in numbers
        ],
        "bindings": [
            {
                "name": f"binding-{number}",
                "namespace": "shop",
                "roleRef": {"name": f"viewer-{number}"},
                "subjects": [{"group": "staff"}],
            }
            for number in numbers
        ],
    }


def _enrichment() -> Iterator[Subject]:
    table = {f"caller-{number}": {"value": f"team-{number}"} for number in range(_SHOWN)}
    pods = kubernetes.Instance(
        name=NAME, source_ip=bytes((10, 1, 0, 1)), destination_ip=bytes((10, 1, 0, 2))
    )
    yield Subject(
        name=f"lookup, {_SHOWN} rows",
        params=_always({"table": table}),
        template="lookup",
        inputs=same(lookup.Instance(name=NAME, key="caller-7")),
        fields={"key": _STRING},
    )
    yield Subject(
        name="kubernetesenv, two pods",
        params=_always({}),
        template="kubernetes",
        inputs=same(pods),
        stand_ins={
            "adapters.kubernetesenv.handler.connect": stand_ins.resources,
            "adapters.kubernetesenv.handler.Informer": stand_ins.Informer,
        },
    )


def _quotas() -> Iterator[Subject]:
    limit = {"name": NAME, "maxAmount": _MUCH, "validDuration": "1s"}
    calls: dict[str, Any] = {
        "template": "quota",
        "inputs": _quota_args,
        "leading": (quota.Instance(name=NAME, dimensions={"source": "web"}),),
        "fields": _QUOTA_TYPES,
    }
    yield Subject(name="memquota", params=_always({"quotas": [limit]}), **calls)
    for algorithm in ("FIXED_WINDOW", "ROLLING_WINDOW"):
        window = {**limit, "rateLimitAlgorithm": algorithm, "bucketDuration": "100ms"}
        yield Subject(
            name=f"redisquota, {algorithm.partition('_')[0].lower()} window",
            params=_in_redis(window),
            stand_ins={"adapters.redisquota.RedisClient": stand_ins.Redis},
            talks=True,
            **calls,
        )


def _in_redis(window: Mapping[str, Any]) -> Callable[[Services], Mapping[str, Any]]:
    return lambda at: {"redisServerUrl": at.redis, "quotas": [window], **_PATIENT}


def _quota_args(how_many: int) -> Iterable[QuotaArgs]:
    return (
        QuotaArgs(deduplication_id=f"call-{number}", amount=1, best_effort=True)
        for number in islice(_numbers, how_many)
    )


def _usage() -> Iterator[Subject]:
    ledgers: Mapping[str, Callable[[Services], str]] = {
        "SQLite": lambda at: str(at.folder / "usage.db"),
        "PostgreSQL": lambda at: at.postgres,
    }
    for kind, ledger in ledgers.items():
        yield Subject(
            name=f"metering, {kind}",
            params=_in_ledger(ledger),
            template="metric",
            inputs=_usage_samples,
            fields=_USAGE_TYPES,
            stand_ins={"adapters.metering.handler.open_ledger": stand_ins.Ledger},
            talks=True,
        )


def _in_ledger(ledger: Callable[[Services], str]) -> Callable[[Services], Mapping[str, Any]]:
    meter = {"instance": NAME, "what": "calls", "unit": "call"}
    return lambda at: {"ledger": ledger(at), "meters": [meter], **_PATIENT}


def _usage_samples(how_many: int) -> Iterable[list[metric.Instance]]:
    return (
        [
            metric.Instance(
                name=NAME, value=1, dimensions={"customer": "acme", "id": f"request-{number}"}
            )
        ]
        for number in islice(_numbers, how_many)
    )


def _telemetry() -> Iterator[Subject]:
    samples: dict[str, Any] = {
        "template": "metric",
        "inputs": same([_SAMPLE]),
        "fields": _SAMPLE_TYPES,
    }
    entries: dict[str, Any] = {
        "template": "logentry",
        "inputs": same([_ENTRY]),
        "fields": _ENTRY_TYPES,
    }
    spans: dict[str, Any] = {"template": "tracespan", "inputs": same([_SPAN])}
    counter = {"instanceName": NAME, "name": "requests_total", "kind": "COUNTER"}
    yield Subject(
        name="prometheus",
        params=_always(
            {
                "listenAddress": "127.0.0.1:0",
                "metrics": [{**counter, "labelNames": ["method", "code"]}],
            }
        ),
        **samples,
    )
    yield Subject(
        name="statsd",
        params=lambda at: {
            "address": at.datagrams,
            "queueSize": _ROOM,
            "metrics": {NAME: {"type": "COUNTER", "nameTemplate": "requests.{{.method}}"}},
        },
        stand_ins={"adapters.statsd.handler.Sender": stand_ins.Sender},
        talks=True,
        **samples,
    )
    for signal, kind in (("metric", samples), ("log", entries), ("span", spans)):
        yield Subject(
            name=f"otlp, {signal}",
            params=_to_receiver([counter] if signal == "metric" else []),
            stand_ins={"adapters.otlp.handler.exporters_of": stand_ins.exporters},
            talks=True,
            **kind,
        )
    yield Subject(
        name="zipkin",
        params=lambda at: {
            "url": f"http://{at.http}/api/v2/spans",
            "sampleProbability": 1,
            "maxQueuedSpans": _ROOM,
        },
        stand_ins={"adapters.zipkin.reporter.Reporter._answer": stand_ins.posted},
        talks=True,
        **spans,
    )
    yield Subject(
        name="fluentd",
        params=lambda at: {
            "address": at.stream,
            "pushIntervalDuration": "100ms",
            "instanceBufferSize": _ROOM,
        },
        stand_ins={"adapters.fluentd.handler.Sender": stand_ins.Sender},
        talks=True,
        **entries,
    )
    yield Subject(
        name="stdio, to a file",
        params=lambda at: {"logStream": "FILE", "outputPath": str(at.folder / "stdio.log")},
        stand_ins={"adapters.stdio.handler.File": stand_ins.File},
        talks=True,
        **entries,
    )
    yield Subject(
        name="file, lines of JSON",
        params=lambda at: {"path": str(at.folder / "access.jsonl")},
        stand_ins={"adapters.file.json_lines.RotatedFile": stand_ins.File},
        talks=True,
        **entries,
    )


def _to_receiver(metrics: Sequence[Any]) -> Callable[[Services], Mapping[str, Any]]:
    return lambda at: {
        "endpoint": f"http://{at.grpc}",
        "queueSize": _ROOM,
        "metrics": metrics,
    }
