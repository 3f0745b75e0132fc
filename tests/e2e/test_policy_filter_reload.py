"""A new program comes into force while requests come: none of them fails."""

import json
import threading
import time

import pytest

from mixer.envoy.bootstrap import bootstrap, cluster
from mixer.envoy.process import EnvoyOptions
from mixer.envoy.upstream import Upstream
from tests.e2e.http_message import Connection
from tests.e2e.policy_filter import policy_listener, program, setting
from tests.patience import SOON_S

pytestmark = pytest.mark.envoy

LISTENER = "type.googleapis.com/envoy.config.listener.v3.Listener"


def answering_with(version):
    return program(code=[[0, 0]], constants=[version], headers=setting("response", "x-version"))


def write(folder, number, policy):
    """Has Envoy, which watches the folder, take a listener with that program."""
    listener = policy_listener(policy)
    document = {"version_info": f"{number}", "resources": [{"@type": LISTENER, **listener}]}
    # Envoy takes a file when it is moved there, so it never reads half of one.
    (folder / "new.json").write_text(json.dumps(document))
    (folder / "new.json").rename(folder / "listeners.json")


def dynamic(folder, address):
    source = {"path": str(folder / "listeners.json"), "watched_directory": {"path": str(folder)}}
    config = bootstrap([], [cluster("upstream", address)])
    return config | {"dynamic_resources": {"lds_config": {"path_config_source": source}}}


class Load(threading.Thread):
    """Sends requests one after the other, on new connections when it is told to."""

    def __init__(self, address):
        super().__init__(daemon=True)
        self.address = address
        self.versions = []
        self.error = None
        self.is_over = False

    def run(self):
        try:
            while not self.is_over:
                with Connection(self.address) as connection:
                    self.use(connection)
        except Exception as error:
            self.error = error

    def use(self, connection):
        for _ in range(50):
            answer = connection.send("/")
            assert answer.status == 200
            self.versions += answer.header("x-version")
            if "close" in answer.header("connection"):
                return

    def has_sent(self, count):
        return self.error is not None or len(self.versions) >= count

    def wait_for(self, version):
        deadline = time.monotonic() + SOON_S
        while self.error is None and self.versions[-1:] != [version]:
            assert time.monotonic() < deadline, self.versions[-1:]


@pytest.fixture
def envoy(tmp_path, start_envoy):
    write(tmp_path, 1, answering_with("a"))
    with Upstream() as upstream:
        yield start_envoy(dynamic(tmp_path, upstream.address), EnvoyOptions(concurrency=2))


def wait_until(is_true):
    deadline = time.monotonic() + SOON_S
    while not is_true():
        assert time.monotonic() < deadline


def test_a_new_program_fails_no_request_and_one_that_is_refused_changes_nothing(tmp_path, envoy):
    wait_until(lambda: "http" in envoy.admin.listeners())
    loads = [Load(envoy.admin.listeners()["http"]) for _ in range(4)]
    for load in loads:
        load.start()
        load.wait_for("a")
    for number, version in enumerate("bcd", 2):
        write(tmp_path, number, answering_with(version))
        for load in loads:
            load.wait_for(version)
    write(tmp_path, 9, answering_with("e") | {"version": 2})
    wait_until(lambda: envoy.stats("lds.update_rejected")["listener_manager.lds.update_rejected"])
    counts = [len(load.versions) for load in loads]
    wait_until(lambda: all(load.has_sent(n + 50) for load, n in zip(loads, counts, strict=True)))
    for load in loads:
        load.is_over = True
        load.join()

    assert [load.error for load in loads] == [None] * len(loads)
    assert {load.versions[-1] for load in loads} == {"d"}
    assert "policy program refused: byte" in envoy.log
