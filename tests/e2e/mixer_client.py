"""An Envoy that asks and tells a Mixer through the filter `mixer_client`."""

import json
import time
from contextlib import ExitStack, contextmanager

from mixer.envoy.bootstrap import bootstrap, cluster, grpc_cluster, http_listener, route
from mixer.envoy.process import EnvoyProcess
from mixer.envoy.upstream import Upstream
from proxy_client.wasm.build import FOLDER
from tests.e2e.authorization import mixer_at
from tests.e2e.wasm import wasm_filter
from tests.patience import SOON_S

SERVICE = "books"
PREFIX = "wasmcustom.http_mixer_filter.total_"
BATCH_S = 0.1
FAIL_OPEN = {"networkFailPolicy": {"policy": "FAIL_OPEN"}}
INVARIANTS = (
    # What the left adds up to, the right does too, whenever no call is under way.
    ({"check_calls"}, {"check_cache_hits", "check_cache_misses"}),
    ({"check_cache_hits"}, {"check_cache_hit_accepts", "check_cache_hit_denies"}),
    ({"quota_calls"}, {"quota_cache_hits", "quota_cache_misses"}),
    ({"quota_cache_hits"}, {"quota_cache_hit_accepts", "quota_cache_hit_denies"}),
    ({"check_cache_misses"}, {"remote_check_calls", "check_calls_shared"}),
    ({"remote_quota_calls"}, {"quota_cache_misses", "remote_quota_prefetch_calls"}),
    (
        {"remote_calls", "remote_call_retries"},
        {
            *("remote_call_successes", "remote_call_timeouts"),
            *("remote_call_send_errors", "remote_call_other_errors"),
        },
    ),
    (
        {"remote_report_calls"},
        {
            *("remote_report_successes", "remote_report_timeouts"),
            *("remote_report_send_errors", "remote_report_other_errors"),
        },
    ),
)


FILTER = FOLDER / "mixer_client.wasm"


def configuration(transport=None, service=None, **more):
    """The filter's configuration, as its text; `transport` and `service` are fields of these."""
    settings = {
        "transport": {
            "checkCluster": "mixer",
            "reportCluster": "mixer",
            "networkFailPolicy": {"policy": "FAIL_CLOSE"},
            "reportBatchMaxTime": f"{BATCH_S}s",
            **(transport or {}),
        },
        "defaultDestinationService": SERVICE,
        "serviceConfigs": {SERVICE: service or {}},
        **more,
    }
    return json.dumps(settings)


def client_filter(*arguments, **more):
    """The filter; the arguments are those of `configuration`."""
    return wasm_filter(FILTER, configuration(*arguments, **more))


class Counted:
    """What the filter of an Envoy has counted."""

    def __init__(self, envoy):
        self._envoy = envoy

    def __getitem__(self, name):
        return self.all().get(name, 0)

    def all(self):
        """The counters by their names, without what all names begin with."""
        stats = self._envoy.stats(PREFIX)
        return {name.removeprefix(PREFIX): count for name, count in stats.items()}

    def wait_for(self, name, count):
        """Returns when something was counted so often, or more."""
        deadline = time.monotonic() + SOON_S
        while self[name] < count:
            assert time.monotonic() < deadline, self.all()

    def add_up(self):
        """Whether the counters come to what they must be when no call is under way."""
        deadline = time.monotonic() + SOON_S
        while not _adds_up(self.all()):
            if time.monotonic() > deadline:
                return False
        return True


def _adds_up(counts):
    def total(names):
        return sum(counts.get(name, 0) for name in names)

    return all(total(one) == total(other) for one, other in INVARIANTS)


class Guarded:
    """A running Envoy, the upstream behind it, and what its filter has counted."""

    def __init__(self, envoy, upstream):
        self.envoy = envoy
        self.upstream = upstream
        self.counts = Counted(envoy)

    @property
    def address(self):
        return self.envoy.addresses["http"]


@contextmanager
def guarded_by(
    mixer, config=None, *, options=None, filters=None, routes=None, clusters=(), **manager
):
    """Runs an Envoy that asks the Mixer at an address.

    `config` is made by `configuration`; `filters` are all there are, if it is to have others.
    """
    own = wasm_filter(FILTER, config or configuration())
    with Upstream([("x-there", "one")]) as upstream:
        listener = http_listener(filters or [own], routes or [route("upstream")], **manager)
        own_clusters = [cluster("upstream", upstream.address), grpc_cluster("mixer", mixer)]
        with EnvoyProcess(bootstrap([listener], [*own_clusters, *clusters]), options) as envoy:
            yield Guarded(envoy, upstream)


@contextmanager
def guarded(folder, spy, documents, config=None, **more):
    """The same with a Mixer of these documents, whose adapter is the spy."""
    with ExitStack() as stack:
        mixer = stack.enter_context(mixer_at(folder, spy, *documents))
        yield stack.enter_context(guarded_by(mixer, config, **more))
