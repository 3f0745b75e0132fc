"""The policy filter in a real Envoy gives what the reference interpreter gives, and refuses what it
does not know."""

import json
import random
import re
import time
from base64 import b64decode
from contextlib import contextmanager

import pytest

from mixer.envoy.binary import EnvoyError
from mixer.envoy.bootstrap import bootstrap, cluster, http_listener, route
from mixer.envoy.process import EnvoyOptions, EnvoyProcess
from mixer.envoy.upstream import Upstream
from mixer.export.interpret import Interpreter
from proxy_client.wasm.build import FILTERS, build
from tests.e2e.http_message import Connection, send
from tests.e2e.wasm import wasm_filter
from tests.mixer.export.empty_program import EMPTY
from tests.mixer.export.generate import HEADERS, TEXTS
from tests.mixer.export.vectors import program_of

pytestmark = pytest.mark.envoy

POLICY_COUNT = 30
REQUEST_COUNT = 70
MANAGER = {"generate_request_id": False}
STACKED = EMPTY | {"stack": 4}


@contextmanager
def filtered(program, options=None):
    """An Envoy that runs a program, in front of an upstream that tells what it received."""
    text = program if isinstance(program, str) else json.dumps(program, ensure_ascii=False)
    filters = [wasm_filter(build(FILTERS["policy_filter"]), text)]
    with Upstream(headers=[("x-a", "theirs")]) as upstream:
        config = bootstrap(
            [http_listener(filters, [route("upstream")], **MANAGER)],
            [cluster("upstream", upstream.address)],
        )
        with EnvoyProcess(config, options) as envoy:
            yield envoy


def random_lines(rng):
    """Header lines that a client may send."""
    values = [*TEXTS, {"base64": "YcOp/+KCYQ=="}]
    lines = [("referer", "http://a/b")] if rng.random() < 0.5 else []  # Envoy drops what is no URL
    names = [*HEADERS, "x-a", "x-request-id"]
    return lines + [(name, rng.choice(values)) for name in names if rng.random() < 0.5]


def sent(value):
    return b64decode(value["base64"]) if isinstance(value, dict) else value.encode()


def described(lines, path, method, connection, address):
    """The request as Envoy sees it."""
    host, port = connection.socket.getsockname()
    pseudo = [(":method", method), (":path", path), (":authority", "shop"), (":scheme", "http")]
    return {
        "headers": [*pseudo, *lines, ("x-forwarded-proto", "http")],
        "properties": {
            "source.address": f"{host}:{port}",
            "source.port": port,
            "destination.address": address,
            "destination.port": int(address.rpartition(":")[2]),
            "request.time": time.time_ns(),
            "request.protocol": "HTTP/1.1",
            "connection.mtls": False,
        },
    }


def changed(lines, changes):
    """The values of each name after header operations, in the order of the lines."""
    values = {}
    for name, value in lines:
        values.setdefault(name, []).append(value)
    for what, name, value in changes:
        values[name] = [*(values.get(name, []) if what == "add" else []), value]
        if what == "remove":
            del values[name]
    return values


def wire(values):
    return {name: [v.encode().decode("latin-1") for v in them] for name, them in values.items()}


def assert_same(answer, verdict, lines):
    if not verdict["allowed"]:
        assert (answer.status, answer.body.decode()) == (verdict["status"], verdict["body"])
        for name, value in verdict["headers"]:
            assert value in answer.header(name)
        return
    assert answer.status == 200
    raw = [(name, sent(value).decode("latin-1")) for name, value in lines]
    changes = [(w, n, v.encode().decode("latin-1")) for w, n, v in verdict["request_headers"]]
    for name, values in changed(raw, changes).items():
        assert sorted(answer.received(name)) == sorted(values)
    removed = [name for what, name, _ in changes if what == "remove"]
    kept = changed(raw, changes)
    assert [name for name in removed if name not in kept and answer.received(name)] == []
    responded = changed([("x-a", "theirs")], verdict["response_headers"])
    for name in ("x-a", "x-b", "x-new"):
        assert answer.header(name) == wire(responded).get(name, [])


@pytest.mark.parametrize("seed", range(POLICY_COUNT))
def test_random_requests_get_what_the_reference_gives(seed):
    program = program_of(seed)
    interpreter, rng = Interpreter(program), random.Random(seed)
    with filtered(program) as envoy, Connection(envoy.addresses["http"]) as connection:
        now_ns = time.time_ns()
        for _ in range(REQUEST_COUNT):
            lines = random_lines(rng)
            method = rng.choice(["GET", "PUT"])
            path = rng.choice(["/shop", "/shop/1?a=b&b=A", "/?a=%c3%a9&a=x&b", "/?b=a+b%zz&a=%ff"])
            seen = described(lines, path, method, connection, envoy.addresses["http"])
            verdict = interpreter.check(seen, now_ns)
            raw = [("host", "shop"), *((name, sent(value)) for name, value in lines)]
            answer = connection.send(path, raw, method=method)
            assert_same(answer, verdict, lines)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "expected {"),
        (STACKED | {"version": 2}, "unknown version"),
        (STACKED | {"other": 1}, "unknown key: other"),
        ({"version": 1}, "missing key: namespace"),
        (STACKED | {"code": [[99]]}, "code 0: unknown opcode"),
        (STACKED | {"code": [[7, 0]]}, "code 0: a jump that does not go forward"),
        (STACKED | {"code": [[0, 0]]}, "code 0: an operand out of range"),
        (STACKED | {"code": [[11]]}, "code 0: code that pops too much"),
        (STACKED | {"attributes": [["a", "magic"]]}, "unknown: magic"),
        (STACKED | {"headers": [{"match": 3, "request": [], "response": []}]}, "does not exist"),
    ],
)
def test_a_program_that_the_filter_does_not_know_is_refused(text, why):
    refusal = "policy program refused: .*" + re.escape(why)
    with pytest.raises(EnvoyError, match=refusal), filtered(text):
        pass


FAILING = STACKED | {
    "code": [[24]],
    "check": [
        {"rule": "ns/r", "match": -1, "actions": [{"do": "pass", "handler": "h", "evaluate": [0]}]}
    ],
}


def test_a_policy_that_can_not_be_decided_denies():
    with filtered(FAILING) as envoy:
        answer = send(envoy.addresses["http"])
    assert (answer.status, answer.body) == (500, b"INTERNAL:the policy can't be decided")


def test_or_lets_pass_if_it_is_to_fail_open():
    with filtered(FAILING | {"fail_open": True}) as envoy:
        assert send(envoy.addresses["http"]).status == 200


def limited(most, ticks):
    take = {"match": -1, "do": "take", "handler": "h", "dimensions": [0], "overrides": []}
    return STACKED | {
        "constants": ["?"],
        "attributes": [["user", "header", "user"]],
        "code": [[2, 0, 5, 7, 7, 0, 0]],
        "limits": [{"id": f"l/{most}/{ticks}", "max": most, "ticks": ticks}],
        "statuses": [[8, "RESOURCE_EXHAUSTED", 429]],
        "quotas": [{"name": "q", "amount": 1, "limits": [take | {"limit": 0}]}],
    }


def test_workers_share_quotas():
    with filtered(limited(5, 0), EnvoyOptions(concurrency=2)) as envoy:
        connections = [Connection(envoy.addresses["http"]) for _ in range(12)]
        statuses = [connection.send("/").status for connection in connections]
        for connection in connections:
            connection.__exit__()
        other = send(envoy.addresses["http"], "/", [("user", "b")])
    assert statuses == [200] * 5 + [429] * 7
    assert other.status == 200


def test_what_was_taken_leaves_its_window():
    with filtered(limited(1, 3)) as envoy, Connection(envoy.addresses["http"]) as connection:
        assert connection.send("/").status == 200
        answer = connection.send("/")
        assert answer.body == b"RESOURCE_EXHAUSTED:Quota is exhausted for: q"
        deadline = time.monotonic() + 5
        while connection.send("/").status != 200:
            assert time.monotonic() < deadline


def test_requests_are_counted_and_written():
    program = STACKED | {
        "constants": [{"int": "1"}],
        "attributes": [
            ["method", "filled_header", ":method", None],
            ["code", "property", "response.code", 1, 500],
            ["flags", "response_flags", ["LH"]],
            ["used", "response_headers"],
        ],
        "code": [[1, 0], [0, 0], [1, 1, 23, 1], [1, 2]],
        "metrics": [
            {
                "match": -1,
                "kind": "counter",
                "stat": "requests",
                "labels": [["method", 0], ["code", 2]],
                "value": 1,
                "scale": 1,
                "max_series": 2,
            }
        ],
        "logs": [
            {
                "match": -1,
                "instance": "line",
                "severity": 0,
                "levels": {"GET": 2},
                "lowest": 1,
                "time": -1,
                "fields": [["code", 2, False], ["flags", 3, True]],
            }
        ],
    }
    with filtered(program) as envoy:
        for method in ("GET", "PUT", "GET", "POST"):
            send(envoy.addresses["http"], method=method)
        stats = envoy.stats("wasmcustom")
        log = envoy.log
    assert stats == {
        "wasmcustom.method=.=GET;.;code=.=200;.;requests": 2,
        "wasmcustom.method=.=PUT;.;code=.=200;.;requests": 1,
    }
    line = '{"level":"error","time":"","instance":"line","code":200,"flags":"-"}'
    assert log.count(line) == 2
