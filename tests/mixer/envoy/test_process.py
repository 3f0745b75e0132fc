"""Starting and ending a real Envoy."""

import os
import select
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from mixer.envoy.binary import EnvoyError
from mixer.envoy.bootstrap import bootstrap, cluster, http_listener, route, tcp_listener
from mixer.envoy.process import EnvoyOptions, EnvoyProcess
from mixer.envoy.upstream import Upstream
from tests.patience import SOON_S

pytestmark = pytest.mark.envoy


def in_front_of(upstream, *more_listeners):
    listeners = [http_listener([], [route("upstream")]), *more_listeners]
    return bootstrap(listeners, [cluster("upstream", upstream.address)])


def get(address):
    with urllib.request.urlopen(f"http://{address}/", timeout=SOON_S) as answer:
        return answer.status


def is_running(pid):
    """Whether there is such a process that has not ended."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_it_serves_on_each_listener_and_counts(tmp_path):
    with Upstream() as upstream:
        more = tcp_listener("upstream"), tcp_listener("upstream", "unix", f"unix:{tmp_path}/s")
        with EnvoyProcess(in_front_of(upstream, *more)) as envoy:
            assert envoy.addresses.keys() == {"http", "tcp", "unix"}
            assert envoy.addresses["unix"] == f"unix:{tmp_path}/s"
            assert get(envoy.addresses["http"]) == 200
            assert get(envoy.addresses["tcp"]) == 200
            assert envoy.stats(r"^(http\.http|tcp\..*)\.downstream_cx_total$") == {
                "http.http.downstream_cx_total": 1,
                "tcp.tcp.downstream_cx_total": 1,
                "tcp.unix.downstream_cx_total": 0,
            }
        assert upstream.request_count == 2


def test_several_run_at_a_time():
    with (
        Upstream() as upstream,
        EnvoyProcess(in_front_of(upstream)) as one,
        EnvoyProcess(in_front_of(upstream)) as other,
    ):
        assert one.addresses != other.addresses
        assert {get(one.addresses["http"]), get(other.addresses["http"])} == {200}


def test_after_the_stop_nothing_is_left():
    with Upstream() as upstream:
        envoy = EnvoyProcess(in_front_of(upstream))
        envoy.start()
        pid = envoy.pid
        arguments = Path(f"/proc/{pid}/cmdline").read_text().split("\0")
        folder = Path(arguments[arguments.index("--config-path") + 1]).parent
        assert is_running(pid)
        assert folder.is_dir()

        envoy.stop()
        envoy.stop()  # which may come twice

    assert not is_running(pid)
    assert not folder.exists()


def test_one_that_does_not_end_by_itself_is_killed():
    with Upstream() as upstream:
        envoy = EnvoyProcess(in_front_of(upstream), EnvoyOptions(stop_timeout_s=0.05))
        envoy.start()
        pid = envoy.pid
        os.kill(pid, signal.SIGSTOP)  # so it can't act on SIGTERM
        envoy.stop()

    assert not is_running(pid)


def test_a_configuration_that_envoy_rejects_is_told_in_its_words():
    with pytest.raises(EnvoyError) as raised:
        EnvoyProcess({"nonsense": {}}).start()

    first, *_, last = str(raised.value).splitlines()
    assert first == "Envoy ended with code 1:"
    # Protobuf puts spaces into its messages at random, so that nobody relies on them.
    assert "no such field: 'nonsense'" in " ".join(last.split())


def test_one_that_takes_too_long_to_serve_is_given_up():
    with Upstream() as upstream, pytest.raises(EnvoyError, match="did not serve within 0 s"):
        EnvoyProcess(in_front_of(upstream), EnvoyOptions(start_timeout_s=0)).start()


PARENT = """
import signal
from mixer.envoy.bootstrap import bootstrap
from mixer.envoy.process import EnvoyProcess
with EnvoyProcess(bootstrap([], [])) as envoy:
    print(envoy.pid, flush=True)
    signal.pause()
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_it_ends_with_its_parent_however_that_ends(number, tmp_path):
    command = [sys.executable, "-c", PARENT]
    environment = {**os.environ, "TMPDIR": str(tmp_path)}  # a killed one leaves files
    with subprocess.Popen(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as parent:
        try:
            pid = int(parent.stdout.readline())
            end = os.pidfd_open(pid)
            parent.send_signal(number)
            parent.wait(SOON_S)
        finally:
            parent.kill()
    try:
        assert has_ended(end)
    finally:
        os.close(end)


def has_ended(pidfd):
    """Whether the process ends in time; the descriptor of one that has ended can be read."""
    return bool(select.select([pidfd], [], [], SOON_S)[0])
