"""Where the policy filter has an end: quotas and their cells, memory."""

import os
import re
import socket
import time
from contextlib import ExitStack
from itertools import count, islice
from pathlib import Path

import pytest

from mixer.envoy.bootstrap import cluster
from mixer.envoy.process import EnvoyOptions
from tests.e2e.http_message import Connection, connect, read_answer, request, send
from tests.e2e.policy_filter import filtered, limited, metric, program
from tests.patience import SOON_S

pytestmark = pytest.mark.envoy

UNDECIDED = (500, b"INTERNAL:the policy can't be decided")
BUCKET_COUNT, CELLS_PER_BUCKET = 1024, 64
CELLS = pytest.mark.parametrize("cells", ["shared", "worker"])


def test_what_was_taken_leaves_its_window():
    with filtered(limited(1, 3)) as envoy, Connection(envoy.addresses["http"]) as connection:
        assert connection.send("/").status == 200
        answer = connection.send("/")
        assert answer.body == b"RESOURCE_EXHAUSTED:Quota is exhausted for: q"
        deadline = time.monotonic() + SOON_S
        while connection.send("/").status != 200:
            assert time.monotonic() < deadline


def balanced(config):
    """Each worker gets as many connections as the other."""
    config["static_resources"]["listeners"][0]["connection_balance_config"] = {"exact_balance": {}}
    return config


@pytest.mark.parametrize(("cells", "granted"), [("shared", 5), ("worker", 10)])
def test_two_workers_count_together_or_each_alone(cells, granted):
    options = EnvoyOptions(concurrency=2)
    with ExitStack() as stack:
        envoy = stack.enter_context(filtered(limited(5, cells=cells), options, change=balanced))
        address = envoy.addresses["http"]
        connections = [stack.enter_context(Connection(address)) for _ in range(14)]
        statuses = [connection.send("/").status for connection in connections]
        other = send(address, "/", [("user", "b")])
    assert sorted(statuses) == [200] * granted + [429] * (14 - granted)
    assert other.status == 200


def fnv(data, state=2166136261):
    for byte in data:
        state = (state ^ byte) * 16777619 & 0xFFFFFFFF
    return state


def users_of_one_bucket(limit_id, prefix=""):
    """Users whose cells get into one bucket: they start with `prefix`."""
    size = len(prefix) + 6
    state = fnv(f"{len(limit_id)}:{limit_id}{size}:{prefix}".encode())
    for number in count():
        user = f"{number:06}"
        if fnv(user.encode(), state) % BUCKET_COUNT == 0:
            yield prefix + user


@CELLS
def test_a_bucket_has_room_for_so_many_cells_until_all_has_left_one(cells):
    users = list(islice(users_of_one_bucket("l/1/20"), CELLS_PER_BUCKET + 1))
    with (
        filtered(limited(1, 20, cells=cells)) as envoy,
        Connection(envoy.addresses["http"]) as connection,
    ):
        answers = [connection.send("/", [("user", user)]) for user in users]
        deadline = time.monotonic() + SOON_S
        while connection.send("/", [("user", users[-1])]).status == 500:
            assert time.monotonic() < deadline
    assert [answer.status for answer in answers[:-1]] == [200] * CELLS_PER_BUCKET
    assert (answers[-1].status, answers[-1].body) == UNDECIDED


@CELLS
def test_a_bucket_has_room_for_256_kib(cells):
    users = islice(users_of_one_bucket("l/1/0", prefix=50_000 * "a"), 6)
    with filtered(limited(1, cells=cells)) as envoy:
        answers = [send(envoy.addresses["http"], "/", [("user", user)]) for user in users]
    assert [answer.status for answer in answers] == [200] * 5 + [500]


def test_cells_of_one_worker_have_room_for_16_mib():
    with (
        filtered(limited(1, cells="worker")) as envoy,
        Connection(envoy.addresses["http"]) as connection,
    ):
        statuses = []
        while not statuses or statuses[-1] == 200:
            user = f"{len(statuses)}" + 50_000 * "a"
            statuses.append(connection.send("/", [("user", user)]).status)
        assert connection.send("/", [("user", "0" + 50_000 * "a")]).status == 429
    assert statuses[-1] == 500
    assert 250 < len(statuses) <= 336


TWICE = [1, 0, 1, 0, 14, 0]
EIGHT_TIMES = [*TWICE, *TWICE, 14, 0, *TWICE, *TWICE, 14, 0, 14, 0]
HELD_HEADERS = [["set", f"x-held-{number}", 0] for number in range(4)]
HELD = program(
    attributes=[["header", "x-big"]],
    code=[EIGHT_TIMES],
    headers=[{"match": -1, "request": [], "response": HELD_HEADERS}],
)
"""Keeps 32 times a header for each request until the response comes."""
BIG = [("x-big", 40_000 * "a")]


def test_a_request_may_use_4_mib():
    twice_as_much = [{"match": -1, "request": [], "response": 2 * HELD_HEADERS}]
    with filtered(HELD | {"headers": twice_as_much}) as envoy:
        answer = send(envoy.addresses["http"], "/", BIG)
        assert (answer.status, answer.body) == UNDECIDED
        assert send(envoy.addresses["http"], "/", [("x-big", "a")]).status == 200


@pytest.mark.parametrize("fail_open", [False, True])
def test_a_vm_without_memory_can_not_decide(fail_open):
    with ExitStack() as stack:
        silent = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        upstream = cluster("upstream", f"127.0.0.1:{silent.getsockname()[1]}")
        held = HELD | {"fail_open": fail_open}
        envoy = stack.enter_context(filtered(held, upstream=upstream))
        waiting = []
        while len(waiting) < 60:
            waiting.append(stack.enter_context(connect(envoy.addresses["http"])))
            waiting[-1].sendall(request("/", BIG))
            waiting[-1].settimeout(0.1)
            try:
                answer = read_answer(waiting[-1])
            except TimeoutError:
                continue
            break
        if fail_open:
            assert len(waiting) == 60
        else:
            assert (answer.status, answer.body) == UNDECIDED
            assert len(waiting) > 20
        assert "wasm_out_of_memory" in envoy.log


BUSY = program(
    attributes=[
        ["header", "user"],
        ["headers"],
        ["query_params"],
        ["property", "source.port", 1, 0],
    ],
    code=[[2, 0, 5, 7, 7, 0, 0], [0, 1], [3, 1, 2], [4, 2, 3, 6, 7, 8, 0, 0], [1, 3, 23, 1]],
    constants=["?", {"int": "1"}, ":path", "a"],
    limits=[{"id": "busy", "max": 1_000_000_000, "ticks": 10}],
    quotas=[
        {
            "name": "q",
            "amount": 1,
            "limits": [
                {"match": -1, "do": "take", "handler": "h", "dimensions": [0]}
                | {"overrides": [], "limit": 0}
            ],
        }
    ],
    headers=[
        {
            "match": -1,
            "request": [["set", "x-path", 2], ["add", "x-a", 3]],
            "response": [["set", "x-port", 4]],
        }
    ],
    metrics=[metric(value=1, labels=[["user", 0]], max_series=100)],
)
"""Of everything a bit."""
BUSY_S = float(os.environ.get("POLICY_FILTER_BUSY_S", "3"))
AT_A_TIME = 16
ALLOWED_GROWTH_KIB = 3 * 1024


def resident_kib(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1])


def answering(config):
    """Answered in Envoy itself, which is faster than any upstream of Python."""
    manager = config["static_resources"]["listeners"][0]["filter_chains"][0]["filters"][0]
    host = manager["typed_config"]["route_config"]["virtual_hosts"][0]
    host["routes"] = [{"match": {"prefix": "/"}, "direct_response": {"status": 200}}]
    return config


def test_memory_stays_the_same_at_full_speed():
    requests = [request(f"/?a={number}", [("user", f"{number % 7}")]) for number in range(1000)]
    with ExitStack() as stack:
        envoy = stack.enter_context(filtered(BUSY, change=answering))
        address = envoy.addresses["http"]
        connections = [stack.enter_context(connect(address)) for _ in range(AT_A_TIME)]
        answered, sizes = 0, []
        start = time.monotonic()
        while (elapsed := time.monotonic() - start) < BUSY_S:
            for connection in connections:
                connection.sendall(requests[answered % len(requests)])
                answered += 1
            for connection in connections:
                assert connection.recv(4096).startswith(b"HTTP/1.1 200 OK")
            if elapsed > (1 + len(sizes)) * BUSY_S / 6:
                sizes.append(resident_kib(envoy.pid))
        counted = sum(envoy.stats("wasmcustom.found").values())
    assert counted == answered
    # The first sixth is for what is allocated once.
    assert max(sizes) - sizes[0] < ALLOWED_GROWTH_KIB, sizes
