"""The requests of the demo, and what came back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Final

from mixer.cli.demo.proxy import QUOTA_HEADER

HOST: Final = "reviews"
"""The host that all requests are for."""
_TIMEOUT_S: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One request, or several that are alike."""

    path: str = "/"
    headers: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    """The address to send from; empty for any."""
    count: int = 1

    def __str__(self) -> str:
        said = [f"{name}: {value}" for name, value in self.headers.items()]
        return ", ".join(
            [f"GET {self.path}", *said, *([f"from {self.source}"] if self.source else [])]
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What Envoy answered."""

    status: int
    reason: str
    headers: Mapping[str, str]
    """By lower-case name."""
    body: bytes


STEPS: Final = (
    Step(),
    Step(headers={"x-demo-deny": "yes"}),
    Step(source="127.0.0.66"),
    Step(headers={"x-api-version": "v9"}),
    Step(path="/headers", headers={"x-internal-user": "root"}),
    Step(headers={QUOTA_HEADER: "batch"}, count=7),
)


def ask(address: str, step: Step) -> list[Answer]:
    """Sends the requests of one step to `address`, HOST:PORT, one after the other."""
    return [_ask_once(address, step) for _ in range(step.count)]


def _ask_once(address: str, step: Step) -> Answer:
    source = (step.source, 0) if step.source else None
    connection = HTTPConnection(address, timeout=_TIMEOUT_S, source_address=source)
    try:
        connection.request("GET", step.path, headers={"host": HOST, **step.headers})
        answer = connection.getresponse()
        return Answer(
            status=answer.status,
            reason=answer.reason,
            headers={name.lower(): value for name, value in answer.getheaders()},
            body=answer.read(),
        )
    finally:
        connection.close()
