"""A scenario's configuration compiled for the filter that runs policies inside Envoy."""

import shutil
import tempfile
from pathlib import Path

from benchmarks.scenario import Scenario
from benchmarks.scenarios import adapter_delay
from mixer.adapter.registry import AdapterRegistry
from mixer.config.snapshot import Snapshot
from mixer.config.store import DirectoryStore
from mixer.errors import ConfigErrors
from mixer.export.exporter import Exported, ExportOptions, export
from mixer.export.scope import Said
from mixer.runtime import check_contents


def export_scenario(scenario: Scenario) -> Exported:
    """The program; raises ConfigErrors for a configuration that Mixer would reject.

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
        snapshot = check_contents(DirectoryStore(policy).read(), AdapterRegistry())
    if snapshot.errors:
        raise ConfigErrors(snapshot.errors)
    return snapshot
