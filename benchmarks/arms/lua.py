"""A Lua script in Envoy. It counts a quota for each worker, of which there is one."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Final

from benchmarks.arm import Arm, Claim, Counters, Place, Running, Sent
from benchmarks.placing.envoy import LISTENER, Proxy
from benchmarks.placing.guard import Guard, equal, run
from benchmarks.scenario import NativePolicy, Scenario, Workload
from benchmarks.scenarios.policy import USER_HEADER
from mixer.envoy.part import Part, typed

_STATS: Final = f"http.{LISTENER}.lua."

_SCRIPT: Final = """
local denied_users = { %(users)s }
local denied_paths = { %(paths)s }
%(quota)s
function envoy_on_request(handle)
  local headers = handle:headers()
  local user = headers:get("%(header)s") or "nobody"
  if denied_users[user] or denied_paths[headers:get(":path"):match("^[^?]*")] then
    handle:respond({[":status"] = "403"}, "denied")
  elseif is_over_quota() then
    handle:respond({[":status"] = "429"}, "too many requests")
  end
end
"""
_QUOTA: Final = """
local second, taken = 0, 0
local function is_over_quota()
  local now = os.time()
  if now ~= second then second, taken = now, 0 end
  taken = taken + 1
  return taken > %d
end
"""
_NO_QUOTA: Final = "local function is_over_quota() return false end"


def guard(scenario: Scenario) -> Guard:
    """Guards by a script."""
    assert scenario.native is not None, "other scenarios are refused"
    return Guard(
        proxy=Proxy(filters=(lua_filter(script(scenario.native)),)),
        read=lambda envoy: envoy.stats("^" + _STATS.replace(".", r"\.")),
        claims=_claims,
    )


def script(policy: NativePolicy) -> str:
    """The policy in Lua."""
    quota = _NO_QUOTA if policy.quota_per_s is None else _QUOTA % policy.quota_per_s
    return _SCRIPT % {
        "header": USER_HEADER,
        "users": _set(policy.denied_users),
        "paths": _set(policy.denied_paths),
        "quota": quota,
    }


def _set(texts: tuple[str, ...]) -> str:
    # Texts of ASCII without control characters are written alike in JSON and in Lua.
    return ", ".join(f"[{json.dumps(text)}] = true" for text in texts)


def lua_filter(source: str) -> Part:
    """The filter that runs a script."""
    return typed(
        "envoy.filters.http.lua",
        "envoy.extensions.filters.http.lua.v3.Lua",
        default_source_code={"inline_string": source},
    )


def _claims(counters: Counters, sent: Sent) -> Iterator[Claim]:
    yield equal("Lua: runs of the script", counters.get(f"{_STATS}executions", 0), sent.count)
    # After an error in a script, the request goes on.
    yield equal("Lua: errors", counters.get(f"{_STATS}errors", 0), 0)


def start(scenario: Scenario, _workload: Workload, place: Place, stack: ExitStack) -> Running:
    """Starts it; see `benchmarks.arm`."""
    return run(guard(scenario), place, stack)


def refuses(scenario: Scenario) -> str | None:
    """Telemetry, and anything but the policies that come with the project."""
    if scenario.native is None:
        return "nobody has translated this policy to Lua"
    if scenario.has_telemetry:
        return "scripts in Lua have no means to export metrics"
    return None


ARM: Final = Arm(name="lua", title="Lua in Envoy", color_order=3, start=start, refuses=refuses)
