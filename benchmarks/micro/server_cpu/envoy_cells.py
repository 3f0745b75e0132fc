"""The kinds of calls of today's Envoy whose cost to a server is measured."""

from functools import partial
from itertools import repeat
from typing import Final

from benchmarks.micro.envoy_requests import (
    ENTRIES_PER_MESSAGE,
    access_log_message,
    authorization_request,
    rate_limit_request,
)
from benchmarks.micro.in_process import EMPTY, Installed
from benchmarks.micro.server_cpu.cells import Cell
from benchmarks.micro.workload import CHECK, METRICS, METRICS_AND_LOG
from mixer.api import access_log_v3, ext_authz_v3, rate_limit_v3
from mixer.api.service import Service, Unary
from mixer.api.throttle import admit_all

EXT_AUTHZ_TARGET: Final = 1.3
"""What a Check of external authorization may cost, in units of a bare handler."""


def envoy_cells_of(installed: Installed) -> list[Cell]:
    """All of them."""
    authorization, rate_limit = authorization_request(), rate_limit_request()
    return [
        _unary(installed, "ext_authz, no rules", EMPTY, ext_authz_v3.SERVICE, authorization),
        _unary(installed, "ext_authz, check_c", CHECK, ext_authz_v3.SERVICE, authorization),
        _unary(installed, "rate limit, no rules", EMPTY, rate_limit_v3.SERVICE, rate_limit),
        _unary(installed, "rate limit, check_c", CHECK, rate_limit_v3.SERVICE, rate_limit),
        _access_log("no rules", EMPTY),
        _access_log("metrics", METRICS),
        _access_log("metrics and log", METRICS_AND_LOG),
    ]


def _unary(installed: Installed, name: str, config: str, service: Service, request: bytes) -> Cell:
    [method] = service.methods
    assert isinstance(method, Unary)
    return Cell(
        name=name,
        config=config,
        method=f"/{service.name}/{method.name}",
        requests=partial(repeat, request),
        reply_size=len(method.answer(request, installed.dispatchers[config], admit_all)),
        ratio_target=EXT_AUTHZ_TARGET if service is ext_authz_v3.SERVICE else None,
    )


def _access_log(what: str, config: str) -> Cell:
    [method] = access_log_v3.SERVICE.methods
    return Cell(
        name=f"access log of {ENTRIES_PER_MESSAGE} entries, {what}",
        config=config,
        method=f"/{access_log_v3.SERVICE.name}/{method.name}",
        requests=lambda how_many: map(access_log_message, range(how_many)),
        reply_size=0,
        bag_count=ENTRIES_PER_MESSAGE,
        is_stream=True,
    )
