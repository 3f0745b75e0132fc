"""The policy filter that ships gives what the reference interpreter gives, for random policies.

In the test host it sees thousands of requests, with clocks and properties that no Envoy could be
given; `tests/e2e/test_policy_filter.py` has fewer of them, in a real one.
"""

import json
import random
from base64 import b64decode, b64encode
from collections import Counter
from functools import cache

import pytest

from mixer.export.interpret import Interpreter
from proxy_client.wasm import shipped_filters
from tests.mixer.export.empty_program import EMPTY
from tests.mixer.export.generate import request
from tests.mixer.export.reporting import ended
from tests.mixer.export.vectors import STEPS_NS, program_of
from tests.wasm_host.abi import LogLevel
from tests.wasm_host.clock import NS_PER_S, Clock
from tests.wasm_host.context import StreamState
from tests.wasm_host.host import RefusedConfigurationError, WasmHost
from tests.wasm_host.shared_data import SharedData

SEED_GROUPS = 10
POLICIES_OF_GROUP = 4
REQUEST_COUNT = 100
LEVELS = (LogLevel.INFO, LogLevel.WARNING, LogLevel.ERROR)


@cache
def module():
    return shipped_filters()["policy_filter"]


def hosted(program, **others):
    return WasmHost(module(), json.dumps(program, ensure_ascii=False), **others)


def wire(value):
    return b64decode(value["base64"]) if isinstance(value, dict) else value.encode()


def described(headers):
    """Headers in the form of the reference: `{"base64": …}` for what is no UTF-8."""
    return [
        (name, text_or_base64(value.encode("utf-8", "surrogateescape"))) for name, value in headers
    ]


def text_or_base64(data):
    try:
        return data.decode()
    except UnicodeDecodeError:
        return {"base64": b64encode(data).decode()}


def changed(lines, changes):
    """The lines after header operations, in no order."""
    found = [(name, wire(value)) for name, value in lines]
    for what, name, value in changes:
        if what != "add":
            found = [line for line in found if line[0] != name]
        if what != "remove":
            found.append((name, value.encode()))
    return sorted(found)


def in_bytes(headers):
    return sorted((name, value.encode("utf-8", "surrogateescape")) for name, value in headers)


def outcome(verdict):
    """The counter that counts it."""
    if verdict.get("failed"):
        return "undecided"
    return "allowed" if verdict["allowed"] else "denied"


def counted(host):
    """The counters that no program asks for."""
    start = "policy_filter."
    counters = host.metrics.counters.items()
    return {name.removeprefix(start): n for name, n in counters if name.startswith(start)}


class Pair:
    """A filter and the reference, with the same program."""

    def __init__(self, program):
        self.host = hosted(program)
        self.reference = Interpreter(program)
        self.outcomes = Counter()

    def handle(self, asked):
        """Has both handle a request, and compares."""
        verdict = self.reference.check(asked, self.host.clock.now_ns)
        stream = self.host.stream(
            [(name, wire(value)) for name, value in asked["headers"]], dict(asked["properties"])
        )
        stream.request_headers()
        self.outcomes[outcome(verdict)] += 1
        if verdict["allowed"]:
            self.passes(stream, asked, verdict)
        else:
            self.denies(stream, verdict)
        seen = asked | {"headers": described(stream.headers)}
        self.reports(stream, seen | {"response_headers": described(stream.response.texts())})

    def passes(self, stream, asked, verdict):
        assert stream.state is StreamState.CONTINUED
        changes = verdict["request_headers"]
        assert in_bytes(stream.headers) == changed(asked["headers"], changes)
        assert stream.route_choices == bool(changes)
        sent = asked["response_headers"]
        answered = stream.response_headers(sent)
        assert in_bytes(answered.texts()) == changed(sent, verdict["response_headers"])

    def denies(self, stream, verdict):
        assert stream.state is StreamState.REPLIED
        reply = stream.reply
        assert (reply.status, reply.body.decode()) == (verdict["status"], verdict["body"])
        own = {":status", "content-length", "content-type"}
        headers = [line for line in reply.headers.texts() if line[0] not in own]
        assert headers == [(name.lower(), value) for name, value in verdict["headers"]]

    def reports(self, stream, seen):
        host = self.host
        host.log.clear()
        host.metrics.samples.clear()
        stream.end(seen["response_trailers"])
        wanted = self.reference.report(seen)
        assert host.metrics.samples == wanted["metrics"]
        assert host.log == [(LEVELS[level], line) for level, line in wanted["logs"]]


@pytest.mark.parametrize("group", range(SEED_GROUPS))
def test_random_requests_get_what_the_reference_gives(group):
    for seed in range(group * POLICIES_OF_GROUP, (group + 1) * POLICIES_OF_GROUP):
        pair, rng = Pair(program_of(seed)), random.Random(seed)
        for _ in range(REQUEST_COUNT):
            pair.host.advance(rng.choice(STEPS_NS) / NS_PER_S)
            pair.handle(ended(rng, request(rng)))
        assert Counter(counted(pair.host)) == pair.outcomes


def limited(most, ticks):
    """Each user may have so many requests in so many tenths of a second."""
    take = {
        "match": -1,
        "do": "take",
        "handler": "h",
        "dimensions": [0],
        "overrides": [],
        "limit": 0,
    }
    return EMPTY | {
        "stack": 1,
        "constants": ["?"],
        "attributes": [["user", "header", "user"]],
        "code": [[2, 0, 5, 7, 7, 0, 0]],
        "limits": [{"id": f"l/{most}/{ticks}", "max": most, "ticks": ticks}],
        "statuses": [[8, "RESOURCE_EXHAUSTED", 429]],
        "quotas": [{"name": "q", "amount": 1, "limits": [take]}],
    }


def states(host, count, user="a"):
    streams = [host.stream([("user", user)]) for _ in range(count)]
    return [stream.request_headers().value for stream in streams]


def test_workers_share_quotas():
    world = {"clock": Clock(), "shared": SharedData()}
    one, other = (hosted(limited(3, 0), **world) for _ in range(2))
    assert states(one, 2) + states(other, 2) == ["continued"] * 3 + ["replied"]
    assert states(other, 1, "b") == ["continued"]


def test_requests_are_counted_by_what_became_of_them():
    host = hosted(limited(2, 0))
    states(host, 3)
    assert counted(host) == {"allowed": 2, "denied": 1, "undecided": 0}


def test_what_was_taken_leaves_its_window():
    host = hosted(limited(2, 10))
    assert states(host, 3) == ["continued", "continued", "replied"]
    host.advance(0.9)
    assert states(host, 1) == ["replied"]
    host.advance(0.1)
    assert states(host, 3) == ["continued", "continued", "replied"]


def test_a_clock_that_jumps_back_gives_nothing_back():
    host = hosted(limited(1, 10))
    assert states(host, 1) == ["continued"]
    host.clock.now_ns -= 3600 * NS_PER_S
    assert states(host, 1) == ["replied"]


def test_a_program_that_the_filter_does_not_know_is_refused():
    with pytest.raises(
        RefusedConfigurationError, match="policy program refused: .*unknown version"
    ):
        hosted(EMPTY | {"version": 2})
