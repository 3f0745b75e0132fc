"""The filter `mixer_client` under load for a while, and when its memory runs out."""

import os
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from protos.mixer.v1.mixer_pb2 import ReportResponse
from tests.e2e.http_message import connect, read_answer, request, send
from tests.e2e.many_requests import answers
from tests.e2e.mixer_client import FAIL_OPEN, FILTER, configuration, guarded_by
from tests.e2e.recording_mixer import RecordingMixer, serving
from tests.e2e.wasm import wasm_filter
from tests.patience import SOON_S

pytestmark = pytest.mark.envoy

LOAD_S = float(os.environ.get("MIXER_CLIENT_LOAD_S", "2"))
"""How long the load is. What memory does shows better after 30 s or more."""
CONNECTION_COUNT = 2
SHAPE_COUNT = 50
MAX_GROWTH_KIB = 4096


class ForgetfulMixer(RecordingMixer):
    """Lets each of its answers be used 20 times, and keeps nothing of what it is told."""

    def __init__(self):
        super().__init__()
        self.answer.precondition.valid_use_count = 20

    def check(self, *_):
        return self.answer

    def report(self, *_):
        return ReportResponse()


def resident_kib(pid):
    """The memory that a process has, with that of its VMs."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1])


def load(address, seconds):
    """Sends requests as fast as they are answered; gives how many, all of which must pass."""

    def send_all(worker):
        end, count = time.monotonic() + seconds, 0
        shapes = [
            request(f"/{worker}/{shape}", [("x-a", "b" * 100)]) for shape in range(SHAPE_COUNT)
        ]

        def requests():
            nonlocal count
            while time.monotonic() < end:
                yield shapes[count % SHAPE_COUNT]
                count += 1

        assert {answer.status for answer in answers(address, requests())} == {200}
        return count

    with ThreadPoolExecutor(CONNECTION_COUNT) as pool:
        return sum(pool.map(send_all, range(CONNECTION_COUNT)))


def test_memory_does_not_grow_under_load():
    with serving(ForgetfulMixer()) as address, guarded_by(address) as running:
        count = load(running.address, 1)
        before = resident_kib(running.envoy.pid)
        count += load(running.address, LOAD_S)
        grown = resident_kib(running.envoy.pid) - before
        assert running.counts.add_up()
        counts = running.counts.all()

    assert grown < MAX_GROWTH_KIB, f"{grown} KiB more after {count} requests"
    assert counts["check_calls"] == counts["report_calls"] == count
    assert counts["remote_report_calls"] == counts["remote_report_successes"]


class HeldMixer(RecordingMixer):
    """Answers Checks when it is told to."""

    def __init__(self):
        super().__init__()
        self.go_on = threading.Event()

    def check(self, *_):
        self.go_on.wait(SOON_S)
        return self.answer


def smaller(folder, pages):
    """The filter with less memory, in pages of 64 KiB."""
    module = FILTER.read_bytes()
    # Section 5: one memory with both limits. Both are of two bytes, or at least the last is.
    [found] = re.finditer(rb"\x05.\x01\x01([\x00-\x7f]|[\x80-\xff][\x00-\x7f])\x80\x08", module)
    limit = bytes((0x80 | pages & 0x7F, pages >> 7))
    file = folder / "mixer_client.wasm"
    file.write_bytes(module[: found.end() - 2] + limit + module[found.end() :])
    return file


@contextmanager
def holding(folder, mode):
    """An Envoy whose filter has 3 MiB, and the Mixer that keeps it waiting."""
    mixer = HeldMixer()
    config = configuration({**mode, "timeout": "60s"})
    with serving(mixer) as address:
        filters = [wasm_filter(smaller(folder, 48), config)]
        with guarded_by(address, filters=filters) as running:
            try:
                yield mixer, running
            finally:
                mixer.go_on.set()


# What a request gets that finds no memory, by fail mode.
MODES = [({}, 503), (FAIL_OPEN, 200)]


@pytest.mark.parametrize(("mode", "status"), MODES)
def test_a_request_that_finds_no_memory_gets_what_the_owner_wants(tmp_path, mode, status):
    large = [(f"x-{number}", "v" * 8000) for number in range(6)]
    with holding(tmp_path, mode) as (mixer, running), ExitStack() as stack:
        waiting = []
        for number in range(40):
            connection = stack.enter_context(connect(running.address))
            connection.sendall(request(f"/{number}", large))
            waiting.append(connection)
        # The first of them are held, and fill the memory; the last ones find none.
        assert read_answer(waiting[-1]).status == status
        assert "wasm_out_of_memory" in running.envoy.log
        mixer.go_on.set()
        statuses = [read_answer(connection).status for connection in waiting[:-1]]
        # When there is memory again, requests are asked for as before.
        after = send(running.address, "/after").status
        asked = running.counts["remote_call_successes"]

    assert (statuses[0], after) == (200, 200)
    assert set(statuses) == {200, status}
    assert asked > 1
