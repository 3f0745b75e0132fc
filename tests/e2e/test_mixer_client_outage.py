"""The Mixer, or the configuration, of the filter `mixer_client` changes under load."""

import json
import time

import pytest

from mixer.envoy.bootstrap import bootstrap, cluster, grpc_cluster, http_listener, route
from mixer.envoy.process import EnvoyOptions, EnvoyProcess
from tests.e2e.http_message import send
from tests.e2e.mixer_client import FAIL_OPEN, Counted, client_filter, configuration, guarded_by
from tests.e2e.mixers import MixerProcess, write_config
from tests.e2e.outage import asking, until_all_are
from tests.e2e.recording_mixer import RecordingMixer, serving
from tests.integration.documents import handler, instance, rule
from tests.patience import SOON_S

pytestmark = pytest.mark.envoy

POLICY = (
    handler("no", "denier", status={"code": 7, "message": "closed"}),
    instance("nothing"),
    rule("closed", ("no", "nothing"), match='request.headers["x-tenant"] == "closed"'),
)
OPEN, CLOSED = "open", "closed"
WORKING = {(OPEN, 200), (CLOSED, 403)}
UNCACHED = {"disableCheckCache": True}
OUTAGES = [
    # (what the filter is told, what a request gets meanwhile)
    (FAIL_OPEN, {(OPEN, 200), (CLOSED, 200)}),
    ({}, {(OPEN, 503), (CLOSED, 503)}),
]


def ask(address, tenant):
    return send(address, "/", [("x-tenant", tenant)]).status


@pytest.mark.parametrize(("mode", "meanwhile"), OUTAGES)
def test_while_the_mixer_is_dead_requests_get_what_its_owner_wants(tmp_path, mode, meanwhile):
    config = write_config(tmp_path / "config", *POLICY)
    address = f"unix:{tmp_path}/mixer.sock"
    settings = configuration({**UNCACHED, **mode})
    with MixerProcess(config, address) as mixer, guarded_by(address, settings) as running:
        with asking((OPEN, CLOSED), lambda tenant: ask(running.address, tenant)) as answers:
            assert until_all_are(answers, WORKING) == WORKING
            mixer.stop()
            assert until_all_are(answers, meanwhile) <= WORKING | meanwhile
            mixer.start()
            assert until_all_are(answers, WORKING) <= WORKING | meanwhile
        assert running.counts.add_up()


def test_what_is_cached_is_answered_without_a_mixer(tmp_path):
    config = write_config(tmp_path / "config", *POLICY)
    address = f"unix:{tmp_path}/mixer.sock"
    with MixerProcess(config, address) as mixer, guarded_by(address) as running:
        before = {(tenant, ask(running.address, tenant)) for tenant in (OPEN, CLOSED)}
        mixer.stop()
        after = {(tenant, ask(running.address, tenant)) for tenant in (OPEN, CLOSED)}

        assert before == after == WORKING


def write_listener(file, version, batch_s):
    """Tells Envoy of the listener by a file, with one client for each version."""
    transport = {"reportBatchMaxTime": f"{batch_s}s"}
    attributes = {"attributes": {"context.reporter.uid": {"stringValue": f"version {version}"}}}
    listener = http_listener(
        [client_filter(transport, mixerAttributes=attributes)], [route("upstream")]
    )
    listener["@type"] = "type.googleapis.com/envoy.config.listener.v3.Listener"
    fresh = file.with_suffix(".new")
    fresh.write_text(json.dumps({"resources": [listener]}))
    fresh.replace(file)


def until_asked_by(mixer, version):
    """Returns when the client of that version has asked."""
    deadline = time.monotonic() + SOON_S
    while not mixer.checks or mixer.asked()["context.reporter.uid"] != f"version {version}":
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_configuration_is_replaced_without_a_failure_or_a_lost_report(tmp_path, upstream):
    file, versions = tmp_path / "listeners.json", 4
    write_listener(file, 0, batch_s=60)
    mixer = RecordingMixer()
    mixer.answer.precondition.valid_use_count = 10
    with serving(mixer) as address:
        clusters = [grpc_cluster("mixer", address), cluster("upstream", upstream.address)]
        config = bootstrap([], clusters)
        config["dynamic_resources"] = {"lds_config": {"path_config_source": {"path": str(file)}}}
        with EnvoyProcess(config, EnvoyOptions(drain_time_s=1)) as envoy:
            counts, front = Counted(envoy), envoy.addresses["http"]
            with asking((OPEN,), lambda tenant: ask(front, tenant)) as answers:
                until_asked_by(mixer, version=0)
                for version in range(1, versions):
                    write_listener(file, version, batch_s=60)
                    until_asked_by(mixer, version)
                assert {answers.get() for _ in range(answers.qsize())} == {(OPEN, 200)}
            # Batches wait a minute for more, unless their client ends.
            write_listener(file, versions, batch_s=60)
            told = [mixer.told()["context.reporter.uid"] for _ in range(counts["report_calls"])]

    assert set(told) == {f"version {version}" for version in range(versions)}
