"""Adapter `delay`: takes its time over each Check, as one would that asks a service elsewhere."""

import time
from dataclasses import dataclass
from typing import Final

from benchmarks.scenarios.adapter_delay import ADAPTER
from mixer.adapter import CheckResult, Duration, Env, Info
from mixer.template import checknothing

_PASS: Final = CheckResult(valid_duration_s=300.0, valid_use_count=10_000)  # those of listchecker
_NO_DURATION: Final = Duration(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """How slow it is."""

    duration: Duration = _NO_DURATION
    """Of each Check."""


class Handler:
    """Lets every request pass, but not at once."""

    def __init__(self, params: Params) -> None:
        self._duration_s: Final = params.duration.seconds

    def handle_checknothing(self, _instance: checknothing.Instance) -> CheckResult:
        """Lets the request pass."""
        time.sleep(self._duration_s)
        return _PASS


def _build(params: Params, _env: Env) -> Handler:
    return Handler(params)


INFO: Final = Info(
    name=ADAPTER,
    description="Takes its time; for benchmarks.",
    templates=(checknothing.TEMPLATE,),
    params=Params,
    build=_build,
)
