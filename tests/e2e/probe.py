"""An Envoy with the probe (proxy_client/wasm/probe), which does what requests ask it for."""

from contextlib import contextmanager

from mixer.envoy.bootstrap import bootstrap, cluster, http_listener, route
from mixer.envoy.process import EnvoyProcess
from mixer.envoy.upstream import Upstream
from proxy_client.wasm.build import FILTERS, build
from tests.e2e.http_message import send
from tests.e2e.wasm import wasm_filter


class Probed:
    """A running Envoy and its upstream."""

    def __init__(self, envoy, upstream):
        self.envoy = envoy
        self.upstream = upstream

    @property
    def address(self):
        return self.envoy.addresses["http"]

    def ask(self, what="", headers=(), path="/", **named):
        """Sends a request that asks for `what`; nothing is a request like any other."""
        asked = [("x-do", what)] if what else []
        return send(self.address, path, [*asked, *headers], **named)

    def body(self, *arguments, **named):
        """The body of the answer; most of the probe's verbs answer with what the host said."""
        return self.ask(*arguments, **named).body


@contextmanager
def probed(
    configuration="",
    *,
    options=None,
    clusters=(),
    route_fields=None,
    node=None,
    manager=None,
    **plugin,
):
    """Runs it; `plugin` are fields of PluginConfig, `manager` such of the connection manager."""
    with Upstream() as upstream:
        filters = [wasm_filter(build(FILTERS["probe"]), configuration, **plugin)]
        routes = [route("upstream") | (route_fields or {})]
        config = bootstrap(
            [http_listener(filters, routes, **(manager or {}))],
            [cluster("upstream", upstream.address), *clusters],
            node,
        )
        with EnvoyProcess(config, options) as envoy:
            yield Probed(envoy, upstream)
