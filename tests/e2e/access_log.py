"""A handler that is given what an Envoy logs, and Envoys that log to its Mixer."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import yaml

from mixer.envoy.bootstrap import bootstrap, cluster, http_listener, route
from mixer.envoy.filters import http_access_log
from tests.e2e.mixers import DEMO, VOCABULARY
from tests.integration.documents import Document, handler, instance, rule
from tests.integration.spy import Spy, runtime_of
from tests.integration.wire import transport_of
from tests.patience import SOON_S

COMMON: Final = {"buffer_flush_interval": "0.05s"}
"""Envoy's default is a second."""
NODE: Final = {
    "id": "sidecar~books-v1.back",
    "cluster": "books.back",
    "locality": {"region": "eu", "zone": "eu-1"},
    "metadata": {"NAMESPACE": "back", "LABELS": {"app": "books"}},
}


def until(is_done: Callable[[], object]) -> None:
    """Waits for what happens in another process."""
    deadline = time.monotonic() + SOON_S
    while not is_done():
        assert time.monotonic() < deadline, "it has not happened"
        time.sleep(0.01)


class Reports:
    """What a handler is told of each entry: the values of some expressions."""

    def __init__(self, expressions: Mapping[str, str]) -> None:
        """Each expression by the name under which its value is remembered."""
        self.spy: Final = Spy()
        self._expressions = expressions

    @property
    def documents(self) -> list[Document]:
        """The demo's vocabulary, and a rule that tells the handler of everything."""
        manifests = (yaml.safe_load_all((DEMO / name).read_text()) for name in VOCABULARY)
        told = instance("told", "metric", value="1", dimensions=dict(self._expressions))
        documents = [each for file in manifests for each in file]
        return [*documents, handler("h"), told, rule("r", ("h", "told"))]

    @property
    def told(self) -> list[dict[str, Any]]:
        """In the order of the reports."""
        batches = self.spy.asked("h.istio-system")
        return [dict(sample.dimensions) for batch in batches for sample in batch]


@contextmanager
def reporting(folder: Path, **expressions: str) -> Iterator[tuple[str, Reports]]:
    """The address of a Mixer, and what its handler is told."""
    reports = Reports(expressions)
    with transport_of(runtime_of(reports.spy, *reports.documents), folder):
        yield f"unix:{folder}/mixer.sock", reports


def logging_http(
    upstream: str, mixer: Mapping[str, Any], *routes: Any, **logger: Any
) -> dict[str, Any]:
    """An Envoy that logs HTTP; `mixer` is the cluster, `logger` are fields of the logger."""
    log = http_access_log("mixer", **{"common_config": COMMON, **logger})
    routes = routes or (route("upstream"),)
    listener = http_listener([], routes, access_log=[log])
    return bootstrap([listener], [cluster("upstream", upstream), mixer], NODE)
