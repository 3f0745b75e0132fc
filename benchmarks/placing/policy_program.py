"""A scenario's configuration compiled for the filter that runs policies inside Envoy."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from benchmarks.scenario import Scenario
from benchmarks.scenarios import adapter_delay
from benchmarks.scenarios.documents import NAMESPACE, Document, handler, instance, rule, write
from mixer.adapter.registry import AdapterRegistry
from mixer.config.snapshot import Snapshot
from mixer.config.store import DirectoryStore
from mixer.errors import ConfigErrors
from mixer.export.exporter import Exported, ExportOptions, export
from mixer.export.scope import Said
from mixer.runtime import check_contents

SEEN_METRIC: Final = "benchmark_requests_seen"
"""The metric that is added to policies that have none which counts all requests."""
_NAME: Final = "benchmark-requests-seen"


def counts_all(scenario: Scenario) -> bool:
    """Whether a metric of the policy itself counts all requests."""
    return scenario.native is not None and scenario.has_telemetry


def export_scenario(scenario: Scenario) -> Exported:
    """The program; raises ConfigErrors for a configuration that Mixer would reject.

    By itself the filter counts nothing, and what counts nothing can't prove that it has worked. So
    `SEEN_METRIC` is added, unless the policy `counts_all`. It costs two to five microseconds.

    Attributes that no proxy knows, and that the proxy's owner does not tell, are absent: Envoy's
    own filters would not tell Mixer of them either.
    """
    snapshot = _snapshot(scenario)
    exported = export(snapshot, _options(scenario, frozenset()))
    if exported.unknown:
        exported = export(snapshot, _options(scenario, frozenset(exported.unknown)))
    return exported


def _options(scenario: Scenario, absent: frozenset[str]) -> ExportOptions:
    fixed = scenario.fixed_attributes
    return ExportOptions(
        namespace=fixed.get("destination.namespace", ""),
        said=Said(attributes=fixed, absent=absent),
    )


def _snapshot(scenario: Scenario) -> Snapshot:
    with tempfile.TemporaryDirectory(prefix="mixer-benchmark-") as folder:
        policy = Path(folder) / "policy"
        # In a proxy nobody calls an adapter, so none is slow.
        ignore = shutil.ignore_patterns(adapter_delay.FILE)
        shutil.copytree(scenario.config, policy, ignore=ignore)
        if not counts_all(scenario):
            write(policy / f"{_NAME}.yaml", _counting())
        snapshot = check_contents(DirectoryStore(policy).read(), AdapterRegistry())
    if snapshot.errors:
        raise ConfigErrors(snapshot.errors)
    return snapshot


def _counting() -> Iterator[Document]:
    namespace, _, name = SEEN_METRIC.partition("_")
    metric = {
        "namespace": namespace,
        "name": name,
        "instanceName": f"{_NAME}.instance.{NAMESPACE}",
        "kind": "COUNTER",
    }
    yield handler(_NAME, "prometheus", metrics=[metric])
    yield instance(_NAME, "metric", value="1")
    yield rule(_NAME, _NAME, _NAME)
