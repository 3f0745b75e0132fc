"""The Mixer dies and comes back while an Envoy asks it all the time."""

import queue
import threading
from collections import Counter
from contextlib import contextmanager

import pytest

from mixer.envoy.bootstrap import bootstrap, cluster, grpc_cluster, http_listener, route
from mixer.envoy.filters import ext_authz
from tests.e2e.http_message import send
from tests.e2e.mixers import MixerProcess, write_config
from tests.integration.documents import handler, instance, rule

pytestmark = pytest.mark.envoy

POLICY = (
    handler("no", "denier", status={"code": 7, "message": "closed"}),
    instance("nothing"),
    rule("closed", ("no", "nothing"), match='request.headers["x-tenant"] == "closed"'),
)
CLIENTS = 4
ENOUGH = 40
SOON_S = 20
OPEN, CLOSED = "open", "closed"
"""What clients call themselves; the policy denies the latter."""


@contextmanager
def clients_of(address):
    """Clients that send requests in turns, half of them such as are denied; gives their answers."""
    answers, is_over = queue.Queue(), threading.Event()

    def ask():
        while not is_over.is_set():
            for tenant in (OPEN, CLOSED):
                answers.put((tenant, send(address, "/", [("x-tenant", tenant)]).status))

    threads = [threading.Thread(target=ask) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    try:
        yield answers
    finally:
        is_over.set()
        for thread in threads:
            thread.join(SOON_S)


def until_all_are(answers, wanted):
    """Takes answers until nothing else has come for a while; gives all that came before."""
    before, in_a_row = Counter(), 0
    while in_a_row < ENOUGH:
        answer = answers.get(timeout=SOON_S)
        before[answer] += 1
        in_a_row = in_a_row + 1 if answer in wanted else 0
    return before


WORKING = {(OPEN, 200), (CLOSED, 403)}
OUTAGES = [
    # (what Envoy is told, what a request gets meanwhile)
    ({"failure_mode_allow": True}, {(OPEN, 200), (CLOSED, 200)}),
    ({"failure_mode_allow": False}, {(OPEN, 403), (CLOSED, 403)}),
    (
        {"failure_mode_allow": False, "status_on_error": {"code": "ServiceUnavailable"}},
        {(OPEN, 503), (CLOSED, 503)},
    ),
]


@pytest.mark.parametrize(("failure_mode", "meanwhile"), OUTAGES)
def test_a_mixer_that_dies_and_comes_back_under_load_is_missed_as_its_owner_wants(
    tmp_path, start_envoy, upstream, failure_mode, meanwhile
):
    config = write_config(tmp_path / "config", *POLICY)
    address = f"unix:{tmp_path}/mixer.sock"
    with MixerProcess(config, address) as mixer:
        envoy = start_envoy(
            bootstrap(
                [http_listener([ext_authz("mixer", **failure_mode)], [route("upstream")])],
                [cluster("upstream", upstream.address), grpc_cluster("mixer", address)],
            )
        )
        with clients_of(envoy.addresses["http"]) as answers:
            assert until_all_are(answers, WORKING).keys() == WORKING
            mixer.stop()
            seen = until_all_are(answers, meanwhile)
            assert seen.keys() <= WORKING | meanwhile
            mixer.start()
            seen = until_all_are(answers, WORKING)
            assert seen.keys() <= WORKING | meanwhile
