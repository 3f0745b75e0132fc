"""The threads behind the server."""

import threading

from mixer.server.worker_pool import WorkerPool
from tests.patience import SOON_S


def test_a_call_that_holds_its_thread_for_long_is_replaced_meanwhile():
    pool = WorkerPool(1, "test")
    holding, let_go, done = threading.Event(), threading.Event(), threading.Event()

    def hold():
        with pool.lend():
            holding.set()
            let_go.wait(SOON_S)

    pool.submit(hold)
    assert holding.wait(SOON_S)
    pool.submit(done.set)
    was_done_meanwhile = done.wait(SOON_S)
    let_go.set()
    pool.shutdown()
    assert was_done_meanwhile


def test_it_has_as_many_threads_as_before_once_the_long_call_is_over():
    pool = WorkerPool(1, "test-count")

    def hold():
        with pool.lend():
            pass

    for _ in range(20):
        pool.submit(hold)
    pool.shutdown()
    threads = [thread for thread in threading.enumerate() if thread.name == "test-count"]
    for thread in threads:
        thread.join(SOON_S)  # what is left of it after its last call
    assert [thread for thread in threads if thread.is_alive()] == []


def test_a_call_that_raises_costs_nobody_else_anything(caplog):
    pool = WorkerPool(1, "test")
    done = threading.Event()
    pool.submit(lambda: 1 / 0)
    pool.submit(done.set)
    assert done.wait(SOON_S)
    pool.shutdown()
    assert [record.getMessage() for record in caplog.records] == ["a call failed"]
