"""The reader's own policy: a directory with Mixer's configuration, and a file with requests.

The file is YAML:

    attributes:                      # what the proxy's owner tells Mixer with each request
      destination.service.name: books
    requests:
    - path: /books/1
      method: GET                    # unless something else is said
      headers: {x-user: alice}
      weight: 9                      # how often it comes, in relation to the others; else 1
      status: 200                    # what all arms answer, if that is known
    - path: /books
      headers: {x-user: "user-{fresh}"}   # another text in each request

Without a file there is one request, GET / with the headers of a plain client. Whether the policy
has quotas and reports is read from the configuration: each request is charged 1 of every quota.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from benchmarks.scenario import FRESH, RequestKind, Scenario
from mixer.adapter import Variety
from mixer.adapter.registry import AdapterRegistry
from mixer.config.snapshot import Snapshot
from mixer.config.store import DirectoryStore
from mixer.errors import ConfigErrors
from mixer.runtime import check_contents
from mixer.template.plan import InstancePlan

NAME: Final = "own"
_PLAIN: Final = RequestKind(
    path="/", headers=(("user-agent", "benchmark/1.0"), ("accept", "*/*")), status=None
)
_FIELDS: Final[Mapping[str, type]] = {
    "path": str,
    "method": str,
    "headers": dict,
    "weight": int,
    "status": int,
}


class RequestsError(Exception):
    """The file with requests can't be used; the text names the file and the place in it."""


def own_config(config: Path, requests: Path | None = None) -> Scenario:
    """The scenario of a policy in a directory, and requests from a file.

    Raises RequestsError, and ConfigErrors for a configuration that Mixer would reject.
    """
    snapshot = check_contents(DirectoryStore(config).read(), AdapterRegistry())
    if snapshot.errors:
        raise ConfigErrors(snapshot.errors)
    asked = _read(requests) if requests else {}
    kinds = [_kind(one, f"{requests}: requests[{i}]") for i, one in enumerate(_list(asked))]
    quotas = dict.fromkeys(plan.short_name for plan in _plans(snapshot, Variety.QUOTA))
    return Scenario(
        name=NAME,
        title=f"Own policy, {config.name}",
        config=config,
        kinds=kinds or [_PLAIN],
        fixed_attributes=asked.get("attributes", {}),
        quotas=tuple(quotas),
        has_telemetry=any(True for _ in _plans(snapshot, Variety.REPORT)),
    )


def _plans(snapshot: Snapshot, variety: Variety) -> Iterator[InstancePlan]:
    """Of the instances that rules send, those whose templates are of that variety."""
    for rule in snapshot.rules:
        for action in rule.actions:
            for instance in action.instances:
                if instance.plan.template.variety is variety:
                    yield instance.plan


def _read(file: Path) -> dict[str, Any]:
    try:
        asked = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise RequestsError(f"{file}: {error}") from error
    if not isinstance(asked, dict) or not isinstance(asked.get("requests"), list):
        raise RequestsError(f"{file}: there is no list `requests`")
    if unknown := asked.keys() - {"attributes", "requests"}:
        raise RequestsError(f"{file}: {', '.join(sorted(unknown))}: unknown")
    _expect_texts(asked.get("attributes", {}), f"{file}: attributes")
    return asked


def _list(asked: Mapping[str, Any]) -> list[Any]:
    found: list[Any] = asked.get("requests", [])
    return found


def _kind(one: Any, place: str) -> RequestKind:
    if not isinstance(one, dict) or "path" not in one:
        raise RequestsError(f"{place}: no path")
    for name, value in one.items():
        if name not in _FIELDS:
            raise RequestsError(f"{place}.{name}: unknown")
        if type(value) is not _FIELDS[name]:
            raise RequestsError(f"{place}.{name}: {value!r} is no {_FIELDS[name].__name__}")
    headers = one.get("headers", {})
    _expect_texts(headers, f"{place}.headers")
    if sum(value.count(FRESH) for value in headers.values()) > 1:
        raise RequestsError(f"{place}.headers: {FRESH} stands there more than once")
    if one.get("weight", 1) < 1:
        raise RequestsError(f"{place}.weight: must be at least 1")
    return RequestKind(**{"status": None, **one, "headers": tuple(headers.items())})


def _expect_texts(value: Any, place: str) -> None:
    if not isinstance(value, dict):
        raise RequestsError(f"{place}: no names and values")
    for name, text in value.items():
        if not isinstance(name, str) or not isinstance(text, str):
            raise RequestsError(f"{place}: {name!r}: {text!r}: must be texts")
