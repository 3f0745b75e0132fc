"""What Envoy's admin port tells about a running Envoy."""

import json
import urllib.request
from collections.abc import Mapping
from http.client import HTTPException
from typing import Final
from urllib.parse import quote

_TIMEOUT_S: Final = 5.0


class Admin:
    """A client of one admin port."""

    def __init__(self, address: str) -> None:
        """`address` is HOST:PORT."""
        self.address = address

    def get(self, path: str) -> str:
        """The body of a page; raises OSError when it is not to be had."""
        url = f"http://{self.address}{path}"
        try:
            with urllib.request.urlopen(url, timeout=_TIMEOUT_S) as answer:
                body: bytes = answer.read()
        except HTTPException as error:
            raise OSError(f"{url}: {error!r}") from error
        return body.decode()

    def is_ready(self) -> bool:
        """Whether all of the configuration is in force and the listeners accept."""
        try:
            return self.get("/ready").strip() == "LIVE"
        except OSError:
            return False

    def listeners(self) -> Mapping[str, str]:
        """The real address of each listener, by its name: HOST:PORT, or unix:PATH."""
        page = json.loads(self.get("/listeners?format=json"))
        statuses = page.get("listener_statuses", ())  # an empty list is left out
        return {status["name"]: _text(status["local_address"]) for status in statuses}

    def stats(self, pattern: str = "") -> Mapping[str, int]:
        """The counters and gauges whose names match `pattern`, a regular expression."""
        lines = self.get(f"/stats?filter={quote(pattern)}").splitlines()
        pairs = (line.rpartition(": ") for line in lines)
        # Histograms and text readouts stand in the same list.
        return {name: int(value) for name, _, value in pairs if value.isdecimal()}


def _text(address: Mapping[str, Mapping[str, object]]) -> str:
    if "pipe" in address:
        return f"unix:{address['pipe']['path']}"
    socket = address["socket_address"]
    return f"{socket['address']}:{socket['port_value']}"
