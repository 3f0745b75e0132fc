"""The Mixer of a client is killed while it is asked all the time, and comes back."""

import time

import pytest

from mixer.status import Code
from proxy_client.client import MixerClient
from proxy_client.options import ClientOptions, FailMode, RetryOptions
from tests.e2e.mixers import MixerProcess, write_config
from tests.e2e.outage import asking, until_all_are
from tests.integration.documents import handler, instance, rule
from tests.patience import SOON_S
from tests.proxy_client.fake_mixer import hold_invariants

POLICY = (
    handler("no", "denier", status={"code": 7, "message": "closed"}),
    instance("nothing"),
    rule("closed", ("no", "nothing"), match='source.name == "closed"'),
)
OUTAGE_S = 5
WORKING = {"open": Code.OK, "closed": Code.PERMISSION_DENIED}


def told(client, name):
    """The code of the verdict on a request of that name."""
    return client.check({"source.name": name}).status.code


def taken_in(answers, seconds):
    """All that is told in that time."""
    end_s = time.monotonic() + seconds
    seen = set()
    while time.monotonic() < end_s:
        seen.add(answers.get(timeout=SOON_S))
    return seen


@pytest.mark.parametrize(
    ("mode", "meanwhile"),
    [
        (FailMode.OPEN, dict.fromkeys(WORKING, Code.OK)),
        (FailMode.CLOSED, dict.fromkeys(WORKING, Code.UNAVAILABLE)),
    ],
)
def test_while_the_mixer_is_dead_requests_get_what_its_owner_wants(tmp_path, mode, meanwhile):
    config = write_config(tmp_path / "config", *POLICY)
    address = f"unix:{tmp_path}/mixer.sock"
    options = ClientOptions(check_fail_mode=mode, check_cache_entries=0)
    with MixerProcess(config, address) as mixer, MixerClient(address, options) as client:
        with asking(WORKING, lambda name: told(client, name)) as answers:
            assert until_all_are(answers, WORKING.items()) == set(WORKING.items())
            mixer.stop()
            seen = until_all_are(answers, meanwhile.items())
            assert seen <= WORKING.items() | meanwhile.items()
            assert taken_in(answers, OUTAGE_S) == set(meanwhile.items())
            mixer.start()
            seen = until_all_are(answers, WORKING.items())
            assert seen <= WORKING.items() | meanwhile.items()
        assert hold_invariants(client)


def test_what_is_cached_is_answered_without_a_mixer(tmp_path):
    config = write_config(tmp_path / "config", *POLICY)
    address = f"unix:{tmp_path}/mixer.sock"
    with MixerProcess(config, address) as mixer, MixerClient(address) as client:
        before = {name: told(client, name) for name in WORKING}
        mixer.stop()
        after = {name: told(client, name) for name in WORKING}

        assert before == after == WORKING
        assert client.check({"source.name": "other"}).status.code == Code.UNAVAILABLE


def test_retries_bridge_a_restart(tmp_path):
    config = write_config(tmp_path / "config", *POLICY)
    address = f"unix:{tmp_path}/mixer.sock"
    retries = RetryOptions(max_count=100, base_wait_s=0.05, max_wait_s=0.2)
    options = ClientOptions(check_cache_entries=0, retries=retries)
    with MixerProcess(config, address) as mixer, MixerClient(address, options) as client:
        with asking(WORKING, lambda name: told(client, name)) as answers:
            until_all_are(answers, WORKING.items())
            mixer.stop()
            mixer.start()
            assert until_all_are(answers, WORKING.items()) == set(WORKING.items())
        assert client.statistics.total_remote_call_retries > 0
        assert hold_invariants(client)
