"""The configuration changes while requests come in as fast as they can."""

import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from prometheus_client import REGISTRY

from tests.integration.documents import MANIFEST, handler, instance, rule, yaml_of
from tests.integration.wire import client_of, serving
from tests.patience import SOON_S

SWAPS = 20
INVALID = {3, 7, 8, 14, 18}
"""Which of the swaps bring a configuration with an error."""
_POLL_S = 0.005


def denying(number, *more):
    """A configuration that denies everything, in a way that tells which one it is."""
    h = handler(
        "deny", "denier", status={"code": 7, "message": f"by {number}"}, validUseCount=number
    )
    return yaml_of(MANIFEST, h, instance("i"), rule("r", ("deny", "i")), *more)


def swap(config, number):
    """Replaces the whole configuration at one stroke."""
    text = denying(number, *([rule("bad", ("nosuch", "i"))] if number in INVALID else []))
    written = config.parent / "written"
    written.write_text(text)
    written.replace(config / "all.yaml")


def rejected():
    labels = {"result": "rejected"}
    return REGISTRY.get_sample_value("mixer_config_reloads_total", labels) or 0


def until(is_reached: Callable[[], bool]) -> float:
    """Waits for it; gives the seconds that it took. Fails after the deadline."""
    started = time.monotonic()
    pause = threading.Event()
    while not is_reached():
        assert time.monotonic() - started < SOON_S, "the configuration was not followed"
        pause.wait(_POLL_S)
    return time.monotonic() - started


@dataclass
class Load:
    """A client that checks without pause, and what it was told."""

    address: str
    stop: threading.Event
    seen: list[int] = field(default_factory=list)
    """The numbers of the configurations that answered, without repetition."""
    count: int = 0
    fault: str = ""

    def run(self) -> None:
        with client_of(self.address) as client:
            while not self.stop.is_set():
                self.take(client.check({}).precondition)

    def take(self, answer) -> None:
        self.count += 1
        number = answer.valid_use_count
        if answer.status.message != f"deny.istio-system:by {number}":
            self.fault = f"{number} says {answer.status.message}"
        if not self.seen or self.seen[-1] != number:
            self.seen.append(number)


@pytest.fixture
def config(tmp_path):
    folder = tmp_path / "config"
    folder.mkdir()
    swap(folder, 0)
    return folder


def test_no_request_fails_and_none_is_answered_by_a_configuration_that_never_was(config, tmp_path):
    stop = threading.Event()
    with serving(config, tmp_path, worker_threads=4) as (server, client):
        loads = [Load(server.address, stop) for _ in range(2)]
        threads = [threading.Thread(target=load.run) for load in loads]
        for thread in threads:
            thread.start()
        try:
            for number in range(1, SWAPS + 1):
                before = rejected()
                swap(config, number)
                if number in INVALID:
                    until(lambda before=before: rejected() > before)
                else:
                    until(lambda n=number: client.check({}).precondition.valid_use_count == n)
        finally:
            stop.set()
            for thread in threads:
                thread.join()
        last = client.check({}).precondition.valid_use_count

    valid = [number for number in range(SWAPS + 1) if number not in INVALID]
    for load in loads:
        assert load.fault == ""
        assert load.seen == sorted(load.seen)
        assert set(load.seen) <= set(valid)
        assert load.count > 100
    assert last == SWAPS


def test_a_new_file_is_followed_within_a_second_or_so(config, tmp_path, capsys):
    with serving(config, tmp_path) as (_, client):
        first = client.check({}).precondition.status.message
        file = config / "more.yaml"
        file.write_text(
            yaml_of(
                handler("also", "denier", status={"code": 7, "message": "new"}),
                rule("also", ("also", "i")),
            )
        )
        taken_s = until(lambda: "new" in client.check({}).precondition.status.message)
        file.unlink()
        until(lambda: client.check({}).precondition.status.message == first)
    with capsys.disabled():
        sys.stdout.write(f"\na new file was followed after {taken_s * 1000:.0f} ms\n")


def test_after_an_invalid_file_the_mended_one_is_followed(config, tmp_path):
    with serving(config, tmp_path) as (_, client):
        before = rejected()
        (config / "more.yaml").write_text("kind: rule\nmetadata: {")
        until(lambda: rejected() > before)
        assert client.check({}).precondition.status.message == "deny.istio-system:by 0"
        (config / "more.yaml").unlink()
        swap(config, 99)
        until(lambda: client.check({}).precondition.valid_use_count == 99)


def test_a_directory_behind_a_symbolic_link_can_be_exchanged_as_a_whole(tmp_path):
    for number in (1, 2):
        (tmp_path / str(number)).mkdir()
        (tmp_path / str(number) / "all.yaml").write_text(denying(number))
    link = tmp_path / "config"
    link.symlink_to(tmp_path / "1")
    with serving(link, tmp_path) as (_, client):
        assert client.check({}).precondition.valid_use_count == 1
        (tmp_path / "next").symlink_to(tmp_path / "2")
        (tmp_path / "next").replace(link)
        until(lambda: client.check({}).precondition.valid_use_count == 2)
