import subprocess
import sys

from tests.patience import LONG_S

SCRIPT = """
import os, threading
from proxy_client.fork import restart_in_child
from proxy_client.report.batch import ReportBatch
from proxy_client.report.queue import BatchLimits
from proxy_client.statistics import Statistics

def write(line):
    os.write(1, f"{line}\\n".encode())

def send(batch):
    write(f"{who} sends {[bag['source.name'] for bag in batch.bags]}")

def condition():
    conditions.append(threading.Condition())
    return conditions[-1]

def hold_lock():
    with conditions[0]:
        is_held.set()
        may_let_go.wait()

who = "parent"
conditions, is_held, may_let_go = [], threading.Event(), threading.Event()
statistics = Statistics(total_check_calls=7)
restart_in_child(statistics)
batch = ReportBatch(send, statistics, BatchLimits(max_time_s=60), condition=condition)
batch.add({"source.name": "before the fork"})
threading.Thread(target=hold_lock).start()
is_held.wait()

pid = os.fork()
if pid == 0:
    who = "child"
    write(f"child counts from {statistics.total_check_calls}")
    write(f"child has nothing to send: {batch.flush()}")
    batch.add({"source.name": "in the child"})
    write(f"child is done: {batch.close()}")
    os._exit(0)
os.waitpid(pid, 0)
may_let_go.set()
batch.add({"source.name": "after the fork"})
write(f"parent is done: {batch.close()}")
write(f"parent counts from {statistics.total_check_calls}")
"""


def test_the_child_of_a_fork_begins_anew_while_the_parent_goes_on():
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "-c", SCRIPT]
    run = subprocess.run(command, capture_output=True, text=True, timeout=LONG_S, check=False)

    assert run.stderr == ""
    assert run.stdout.splitlines() == [
        "child counts from 0",
        "child has nothing to send: True",
        "child sends ['in the child']",
        "child is done: True",
        "parent sends ['before the fork', 'after the fork']",
        "parent is done: True",
        "parent counts from 7",
    ]
