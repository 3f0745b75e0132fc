"""A fork of a process with a client; in processes of their own, because pytest has threads."""

import subprocess
import sys

import pytest

from tests.patience import LONG_S

SCRIPT = """
import multiprocessing, os, sys
from proxy_client.client import MixerClient
from proxy_client.options import ClientOptions
from tests.proxy_client.checking_server import serving

HERE = {"source.name": "here"}

def write(line):
    os.write(1, f"{line}\\n".encode())

def in_child(client):
    write(f"child counts from {client.statistics.total_check_calls}")
    first, second = client.check(HERE), client.check(HERE)
    write(f"child: {first.status.message} {first.check_cache_hit} {second.check_cache_hit}")
    client.report(HERE)
    client.close()
    write(f"child reported {client.statistics.total_remote_report_successes}")

def fork(client):
    pid = os.fork()
    if pid == 0:
        in_child(client)
        os._exit(0)
    assert os.waitpid(pid, 0)[1] == 0

def start(client):
    child = multiprocessing.get_context("fork").Process(target=in_child, args=(client,))
    child.start()
    child.join()
    assert child.exitcode == 0

with serving() as address:
    client = MixerClient(address)
    verdict = client.check(HERE)
    write(f"parent: {verdict.status.message}")
    client.report({"source.name": "of the parent"})
    {"fork": fork, "multiprocessing": start}[sys.argv[1]](client)
    write(f"parent: {client.check({'source.name': 'there'}).status.message}")
    write(f"parent counts {client.statistics.total_check_calls}")
    client.close()
    write(f"parent reported {client.statistics.total_remote_report_successes}")

closed = MixerClient("127.0.0.1:1")
closed.close()
if os.fork() == 0:
    write(f"closed: {closed.check(HERE).status.code.name}")
    os._exit(0)
os.wait()
"""


@pytest.mark.parametrize("how", ["fork", "multiprocessing"])
def test_the_child_of_a_fork_has_a_connection_of_its_own_and_begins_anew(how):
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "-c", SCRIPT, how]
    run = subprocess.run(command, capture_output=True, text=True, timeout=LONG_S, check=False)

    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines() == [
        "parent: connection 1",
        "child counts from 0",
        "child: connection 2 False True",
        "child reported 1",
        "parent: connection 1",
        "parent counts 2",
        "parent reported 1",
        "closed: UNAVAILABLE",
    ]
