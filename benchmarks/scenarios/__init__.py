"""Scenarios: each module makes one policy, by code, and the requests that it decides on.

| Module | Makes |
|---|---|
| access | denials by user and by path |
| access_quota | the same, and a quota that the load never reaches |
| telemetry | the same, and of each request two metrics and a line in an access log |
| own_config | the reader's own policy |
| documents, policy | Mixer's configuration of the first three |
| adapter_delay | the part of it that makes an adapter slow |
| requests, shipped | the requests of the first three, and what else they have in common |
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, TypeAlias

from benchmarks.scenario import Scenario, Workload
from benchmarks.scenarios import access, access_quota, telemetry
from benchmarks.scenarios.own_config import RequestsError, own_config

Factory: TypeAlias = Callable[[Workload, Path], Scenario]
"""Makes a scenario; its configuration is written to the directory, which must be empty."""

FACTORIES: Final[Mapping[str, Factory]] = {
    access.NAME: access.make,
    access_quota.NAME: access_quota.make,
    telemetry.NAME: telemetry.make,
}
"""Those that come with the project, by name; `own_config` makes the reader's."""

__all__ = ["FACTORIES", "Factory", "RequestsError", "own_config"]
