"""A handler that hangs, in a server with few threads: others are answered meanwhile."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from mixer.adapter import CheckResult, Status
from mixer.runtime import Runtime
from tests.integration.documents import contents, document, handler, instance, rule
from tests.integration.spy import Registry, Spy
from tests.integration.wire import client_of, transport_of
from tests.patience import SOON_S

REQUESTS = 8
"""More than the server has threads."""

POLICY = (
    document(
        "handler",
        "slow",
        {"compiledAdapter": "spy", "isolation": {"timeout": "20s", "maxConcurrent": REQUESTS}},
    ),
    handler("quick"),
    instance("i"),
    rule("slow", ("slow", "i"), match='source.name == "slow"'),
    rule("quick", ("quick", "i"), match='source.name == "quick"'),
)


@pytest.fixture
def gate():
    """Lets the slow handler go; open at the end in any case."""
    opened = threading.Event()
    yield opened
    opened.set()


def test_requests_that_wait_for_a_handler_keep_no_thread_from_others(tmp_path, gate):
    waiting = threading.Semaphore(0)

    def hang(_):
        waiting.release()
        gate.wait(SOON_S)
        return CheckResult(status=Status(code=5))

    answers = {"slow.istio-system": hang, "quick.istio-system": CheckResult(Status(code=7))}
    spy, transports = Spy(answers=answers), []

    def lend():
        return transports[0].lend()

    runtime = Runtime(Registry(spy.info), lend=lend)
    runtime.apply(contents(*POLICY))

    def ask(name):
        with client_of(transports[0].address) as client:
            return client.check({"source.name": name}).precondition.status.code

    with (
        transport_of(runtime, tmp_path, worker_threads=2) as transport,
        ThreadPoolExecutor(REQUESTS) as clients,
    ):
        transports.append(transport)
        slow = [clients.submit(ask, "slow") for _ in range(REQUESTS)]
        assert all(waiting.acquire(timeout=SOON_S) for _ in range(REQUESTS))
        assert [ask("quick") for _ in range(5)] == [7] * 5
        gate.set()
        assert [one.result(SOON_S) for one in slow] == [5] * REQUESTS
