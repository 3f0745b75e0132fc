"""One Envoy for all tests of a module: for each a listener with the filter `mixer_client` of its
own configuration, and the Mixer that this one asks and tells.

To start an Envoy and compile a filter takes a second; all listeners share what was compiled.
"""

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

import pytest

from mixer.envoy.bootstrap import bootstrap, cluster, grpc_cluster, http_listener, route
from mixer.envoy.process import EnvoyProcess
from mixer.envoy.upstream import Upstream
from tests.e2e.http_message import send
from tests.e2e.mixer_client import client_filter
from tests.e2e.recording_mixer import RecordingMixer, serving


@dataclass(frozen=True, kw_only=True)
class Setup:
    """What a test wants of its listener."""

    service: dict = field(default_factory=dict)
    """The configuration of the default service."""
    config: dict = field(default_factory=dict)
    """More fields of the filter's configuration."""
    filters: tuple = ()
    """Those in front of the client's."""
    routes: tuple | None = None
    """Other ones than all to `upstream`; the Mixer is `mixer-` and the test's name."""
    manager: dict = field(default_factory=dict)
    """Fields of the connection manager."""
    endpoint: dict | None = None
    """Fields of the upstream's."""


class Front:
    """A listener, the upstream behind it, and the Mixer that it asks and tells."""

    def __init__(self, address, upstream, mixer):
        self.address = address
        self.upstream = upstream
        self.mixer = mixer

    def send(self, *arguments, **named):
        return send(self.address, *arguments, **named)


def fronted(**fields):
    """Says what the listener of a test is to be like; the fields are those of `Setup`."""

    def mark(test):
        test.setup = Setup(**fields)
        return test

    return mark


@pytest.fixture(scope="module")
def fronts(request):
    """The fronts of this module's tests, by their names."""
    tests = [item for item in request.session.items if item.module is request.module]
    with fronts_of({item.name: getattr(item.function, "setup", Setup()) for item in tests}) as all_:
        yield all_


@pytest.fixture
def front(fronts, request):
    """The test's own."""
    return fronts[request.node.name]


@contextmanager
def fronts_of(setups, change=lambda config: config):
    """Runs an Envoy with a listener for each of these; gives the fronts by the same names.

    `change` may do something with Envoy's configuration before.
    """
    with ExitStack() as stack:
        upstream = stack.enter_context(Upstream([("x-there", "one"), ("x-there", "two")]))
        mixers = {name: RecordingMixer() for name in setups}
        clusters = [cluster("upstream", upstream.address)]
        for name, setup in setups.items():
            address = stack.enter_context(serving(mixers[name]))
            clusters += [
                grpc_cluster(f"mixer-{name}", address),
                _own_cluster(name, setup, upstream),
            ]
        listeners = [_listener(name, setup) for name, setup in setups.items()]
        envoy = stack.enter_context(EnvoyProcess(change(bootstrap(listeners, clusters))))
        yield {
            name: Front(envoy.addresses[name], upstream, mixer) for name, mixer in mixers.items()
        }


def _own_cluster(name, setup, upstream):
    own = cluster(f"upstream-{name}", upstream.address)
    own["load_assignment"]["endpoints"][0]["lb_endpoints"][0].update(setup.endpoint or {})
    return own


def _listener(name, setup):
    mixer = {"checkCluster": f"mixer-{name}", "reportCluster": f"mixer-{name}"}
    own = client_filter({**mixer, "reportBatchMaxEntries": 1}, setup.service, **setup.config)
    routes = setup.routes or [route("upstream" if setup.endpoint is None else f"upstream-{name}")]
    filters = [*setup.filters, own]
    return http_listener(filters, routes, name, generate_request_id=False, **setup.manager)
