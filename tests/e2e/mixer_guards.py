"""One Envoy for all tests of a module: for each a listener with the filter `mixer_client` of its
own configuration, which asks the Mixer that the test runs.

To start an Envoy and compile a filter takes a second; all listeners share what was compiled, and
the counters.
"""

import json
import time
from contextlib import ExitStack, contextmanager

import pytest

from mixer.envoy.bootstrap import bootstrap, cluster, grpc_cluster, http_listener, route
from mixer.envoy.process import EnvoyProcess
from mixer.envoy.upstream import Upstream
from tests.e2e.authorization import mixer_at
from tests.e2e.mixer_client import FILTER, Counted, configuration
from tests.e2e.wasm import wasm_filter
from tests.patience import SOON_S


def configured(*arguments, **more):
    """Says how the listener of a test is configured; the arguments are those of `configuration`.

    A test with a parameter `config` is configured by that.
    """

    def mark(test):
        test.config = configuration(*arguments, **more)
        return test

    return mark


class CountedFromNow(Counted):
    """What was counted since this was made."""

    def __init__(self, envoy):
        super().__init__(envoy)
        self._before = super().all()

    def all(self):
        counts = {name: count - self._before.get(name, 0) for name, count in super().all().items()}
        return {name: count for name, count in counts.items() if count}


class Guard:
    """The listener of one test."""

    def __init__(self, envoy, name, upstream, folder):
        self.address = envoy.addresses[name]
        self.counts = CountedFromNow(envoy)
        self._upstream = upstream
        self._requests_before = upstream.request_count
        self._folder = folder

    @property
    def request_count(self):
        """How many requests have reached the upstream."""
        return self._upstream.request_count - self._requests_before

    @contextmanager
    def asking(self, spy, documents):
        """Runs the Mixer that is asked, with these documents, until it has been told of all.

        The spy is its adapter, and must be told as the handler `reports`.
        """
        with mixer_at(self._folder, spy, *documents):
            yield self
            deadline = time.monotonic() + SOON_S
            while sum(map(len, spy.asked("reports.istio-system"))) < self.counts["report_calls"]:
                assert time.monotonic() < deadline, self.counts.all()
            assert self.counts.add_up()


@pytest.fixture(scope="module")
def guards(request, tmp_path_factory):
    """Makes the guard of each of this module's tests, by its name."""
    tests = [item for item in request.session.items if item.module is request.module]
    folders = {item.name: tmp_path_factory.mktemp("mixer") for item in tests}
    with ExitStack() as stack:
        upstream = stack.enter_context(Upstream([("x-there", "one")]))
        mixers = [
            grpc_cluster(f"mixer-{name}", f"unix:{folder}/mixer.sock")
            for name, folder in folders.items()
        ]
        clusters = [cluster("upstream", upstream.address), *mixers]
        listeners = [_listener(item.name, _config(item)) for item in tests]
        envoy = stack.enter_context(EnvoyProcess(bootstrap(listeners, clusters)))
        yield lambda name: Guard(envoy, name, upstream, folders[name])


@pytest.fixture
def guard(guards, request):
    """The test's own."""
    return guards(request.node.name)


def _config(item):
    parameters = getattr(item, "callspec", None)
    if parameters and "config" in parameters.params:
        return parameters.params["config"]
    return getattr(item.function, "config", configuration())


def _listener(name, config):
    settings = json.loads(config)
    settings["transport"] |= {"checkCluster": f"mixer-{name}", "reportCluster": f"mixer-{name}"}
    own = wasm_filter(FILTER, json.dumps(settings))
    return http_listener([own], [route("upstream")], name)
