"""Puts into words what became of the requests."""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

from mixer.cli.demo.proxy import CODE, HANDLER, REASON, RULE
from mixer.cli.demo.script import Answer, Step

COLUMNS: Final = ("asked", "Mixer", "why", "Envoy")
Row = tuple[str, str, str, str]

_ENVOYS_OWN: Final = ("x-envoy-", "x-forwarded-", "x-request-id", "x-mixer-", "ratelimit-")
_USUAL: Final = frozenset(
    ("accept-encoding", "content-length", "content-type", "date", "host", "server")
)
"""Headers that no rule is needed for."""
_LIMIT, _REMAINING = "ratelimit-limit", "ratelimit-remaining"


def rows(step: Step, answers: Sequence[Answer]) -> Iterator[Row]:
    """One row for each run of answers that say the same, under `COLUMNS`."""
    explained = (_row(step, answer) for answer in answers)
    for row, same in groupby(explained):
        count = len(list(same))
        asked = str(step) if step.count == 1 else f"{step} ({count} of {step.count})"
        yield asked, *row


def _row(step: Step, answer: Answer) -> tuple[str, str, str]:
    envoy = f"{answer.status} {answer.reason}"
    headers = answer.headers
    if CODE in headers:
        who = f"rule {headers[RULE]}, handler {headers[HANDLER]}"
        return headers[CODE], f"{headers[REASON]} ({who})", envoy
    if _LIMIT in headers:
        return "OVER_LIMIT" if answer.status == 429 else "OK", _quota(headers), envoy
    if answer.status != 200:
        return "no answer", answer.body.decode(errors="replace"), envoy
    return "OK", _changes(step, answer) or "no rule denies it", envoy


def _quota(headers: Mapping[str, str]) -> str:
    amount, _, window = headers[_LIMIT].partition(", ")
    per = f" in {window.partition('w=')[2]} s" if window else ""
    state = ", and used up" if headers[_REMAINING] == "0" else ""
    return f"the quota is {amount}{per}{state}"


def _changes(step: Step, answer: Answer) -> str:
    """What the rules did to headers, as upstream and client see it."""
    received = {name.lower(): value for name, value in json.loads(answer.body)["headers"]}
    changes = [
        *_differences("to the service", step.headers, received),
        *_differences("to the client", {}, answer.headers),
    ]
    return "; ".join(changes)


def _differences(where: str, sent: Mapping[str, str], got: Mapping[str, str]) -> Iterator[str]:
    said = [
        f"{name}: {value}"
        for name, value in got.items()
        if sent.get(name) != value and name not in _USUAL and not name.startswith(_ENVOYS_OWN)
    ]
    said += [f"no {name}" for name in sent if name not in got]
    if said:
        yield f"{where} {', '.join(said)}"
