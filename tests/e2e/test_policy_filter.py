"""The policy filter in a real Envoy gives what the reference interpreter gives, and refuses what it
does not know."""

import random
import re
import time
from base64 import b64decode

import pytest

from mixer.envoy.binary import EnvoyError
from mixer.export.interpret import Interpreter
from tests.e2e.http_message import Connection, send
from tests.e2e.policy_filter import filtered
from tests.mixer.export.empty_program import EMPTY
from tests.mixer.export.generate import HEADERS, TEXTS
from tests.mixer.export.refused_programs import REFUSED, TAKEN
from tests.mixer.export.vectors import program_of

pytestmark = pytest.mark.envoy

POLICY_COUNT = 30
REQUEST_COUNT = 70


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
        ("{} x", "missing key: version"),
        (EMPTY | {"other": 1}, "unknown key: other"),
        ({"version": 1}, "missing key: namespace"),
        (EMPTY | {"attributes": [["a", "magic"]]}, "unknown: magic"),
        (EMPTY | {"attributes": [["a", "first", ["header"]]]}, "too few arguments"),
        (r'{"namespace": "\ud800"}', "half a character"),
        *REFUSED,
    ],
)
def test_a_program_that_the_filter_does_not_know_is_refused(text, why):
    refusal = "policy program refused: .*" + re.escape(why)
    with pytest.raises(EnvoyError, match=refusal), filtered(text):
        pass


@pytest.mark.parametrize("program", TAKEN)
def test_what_is_never_reached_may_be_of_any_type(program):
    with filtered(program) as envoy:
        assert send(envoy.addresses["http"]).status == 200


FAILING = EMPTY | {
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
