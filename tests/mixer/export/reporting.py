"""What reports are made of, in random policies: metrics, a log, and requests that have ended."""

from tests.integration.documents import handler, instance, rule

TYPES = {"response.code": "INT64", "response.duration": "DURATION"}
METRICS = [
    ("requests_total", "count", "COUNTER"),
    ("request_duration_seconds", "duration", "DISTRIBUTION"),
    ("last_code", "code", "GAUGE"),
]


def documents(expressions):
    """Metrics and a log of all requests, or of those for which a random match holds."""
    dimensions = {
        "method": 'request.method | "?"',
        "code": "response.code",
        "text": expressions.text(1),
    }
    return [
        handler(
            "stats",
            "prometheus",
            listenAddress="127.0.0.1:0",
            metrics=[
                {
                    "name": name,
                    "instanceName": f"{source}.instance.istio-system",
                    "kind": kind,
                    "labelNames": list(dimensions),
                }
                for name, source, kind in METRICS
            ],
        ),
        instance("count", "metric", value="1", dimensions=dimensions),
        instance("duration", "metric", value="response.duration", dimensions=dimensions),
        instance("code", "metric", value="response.code", dimensions=dimensions),
        handler("log", "stdio", outputLevel="INFO"),
        instance(
            "line",
            "logentry",
            severity='conditional(response.code >= 500, "error", "info")',
            timestamp="request.time",
            variables={
                "bytes": "response.size | 0",
                "flags": "context.proxy_error_code",
                "grpc": 'response.grpc_status | "-"',
                "ip": "source.ip",
                "mtls": "connection.mtls",
                "path": "request.path",
                "text": expressions.text(1),
                "took": "response.duration",
                "until": "response.time",
                "used": 'response.headers["x-used"] | ""',
            },
        ),
        rule("report", ("stats", "count", "duration", "code"), match=expressions.bool(1)),
        rule("write", ("log", "line")),
    ]


def ended(rng, request):
    """The same request when it has ended."""
    properties = request["properties"] | {
        "request.duration": rng.choice([1_234_567, 2_500_000_000]),
        "response.flags": rng.choice([0, 2, 5]),
        "response.size": rng.choice([0, 10]),
    }
    if rng.random() < 0.9:
        properties["response.code"] = rng.choice([200, 404, 503])
    return request | {
        "properties": properties,
        "response_headers": [("x-used", 'q"uo\te'), ("grpc-status", "0")],
        "response_trailers": [("grpc-status", "5")] if rng.random() < 0.5 else [],
    }
