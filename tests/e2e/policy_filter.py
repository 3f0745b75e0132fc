"""An Envoy with the policy filter, and programs for it."""

import json
from contextlib import ExitStack, contextmanager

from mixer.envoy.bootstrap import bootstrap, cluster, http_listener, route
from mixer.envoy.process import EnvoyProcess
from mixer.envoy.upstream import Upstream
from proxy_client.wasm import shipped_filters
from tests.e2e.wasm import wasm_filter
from tests.mixer.export.empty_program import EMPTY

MANAGER = {"generate_request_id": False}


def policy_listener(program, **manager):
    """A listener with the filter; `manager` are fields of its connection manager."""
    text = program if isinstance(program, str) else json.dumps(program, ensure_ascii=False)
    filters = [wasm_filter(shipped_filters()["policy_filter"], text)]
    return http_listener(filters, [route("upstream")], **(MANAGER | manager))


@contextmanager
def filtered(program, options=None, *, upstream=None, change=None, **manager):
    """An Envoy that runs a program in front of an upstream, which tells what it received.

    `upstream` is a cluster to use instead; `change` makes of the configuration what is used.
    """
    with ExitStack() as stack:
        if upstream is None:
            server = stack.enter_context(Upstream(headers=[("x-a", "theirs")]))
            upstream = cluster("upstream", server.address)
        config = bootstrap([policy_listener(program, **manager)], [upstream])
        yield stack.enter_context(EnvoyProcess(change(config) if change else config, options))


def program(attributes=(), code=(), constants=(), **parts):
    """A program of parts; attributes are sources without their names."""
    return EMPTY | {
        "attributes": [["a", *source] for source in attributes],
        "code": list(code),
        "constants": list(constants),
        "statuses": [[7, "PERMISSION_DENIED", 403], [8, "RESOURCE_EXHAUSTED", 429]],
        **parts,
    }


def setting(where, *names):
    """Header operations that set headers, each to the value of the code of its place."""
    rule = {"match": -1, "request": [], "response": []}
    return [rule | {where: [["set", name, code] for code, name in enumerate(names)]}]


def metric(kind="counter", **fields):
    """A metric that records the value of the code 0."""
    plain = {"match": -1, "kind": kind, "stat": "found", "labels": [], "value": 0, "scale": 1}
    return plain | {"max_series": 1000} | fields


def limited(most, ticks=0, cells="shared"):
    """A program with a quota for each user."""
    take = {"match": -1, "do": "take", "handler": "h", "dimensions": [0], "overrides": []}
    return program(
        attributes=[["header", "user"]],
        code=[[2, 0, 5, 7, 7, 0, 0]],
        constants=["?"],
        cells=cells,
        limits=[{"id": f"l/{most}/{ticks}", "max": most, "ticks": ticks}],
        quotas=[{"name": "q", "amount": 1, "limits": [take | {"limit": 0}]}],
    )
