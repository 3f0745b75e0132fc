"""The Mixer dies and comes back while an Envoy asks it all the time."""

import pytest

from mixer.envoy.bootstrap import bootstrap, cluster, grpc_cluster, http_listener, route
from mixer.envoy.filters import ext_authz
from tests.e2e.http_message import send
from tests.e2e.mixers import MixerProcess, write_config
from tests.e2e.outage import asking, until_all_are
from tests.integration.documents import handler, instance, rule

pytestmark = pytest.mark.envoy

POLICY = (
    handler("no", "denier", status={"code": 7, "message": "closed"}),
    instance("nothing"),
    rule("closed", ("no", "nothing"), match='request.headers["x-tenant"] == "closed"'),
)
OPEN, CLOSED = "open", "closed"
"""What clients call themselves; the policy denies the latter."""


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

        def ask(tenant):
            return send(envoy.addresses["http"], "/", [("x-tenant", tenant)]).status

        with asking((OPEN, CLOSED), ask) as answers:
            assert until_all_are(answers, WORKING) == WORKING
            mixer.stop()
            seen = until_all_are(answers, meanwhile)
            assert seen <= WORKING | meanwhile
            mixer.start()
            seen = until_all_are(answers, WORKING)
            assert seen <= WORKING | meanwhile
