"""Configurations that run in this process."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.micro.config_copy import copy_config
from benchmarks.micro.workload import Workload
from mixer.adapter.registry import AdapterRegistry
from mixer.config.store import DirectoryStore
from mixer.dispatch.dispatcher import Dispatcher
from mixer.runtime import Runtime

EMPTY: Final = "empty"
"""A configuration with nothing in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """A workload, with its configurations in force."""

    workload: Workload
    directories: Mapping[str, Path]
    """Where the copy of each configuration lies, `EMPTY` among them."""
    dispatchers: Mapping[str, Dispatcher]
    """By the names of the configurations."""


@contextmanager
def installed(workload: Workload, directory: Path) -> Iterator[Installed]:
    """Puts all configurations in force, from copies in the directory, until the end.

    Raises ConfigErrors for one that has errors.
    """
    directories = {
        name: copy_config(files, directory / name)
        for name, files in {**workload.configs, EMPTY: ()}.items()
    }
    with ExitStack() as stack:
        dispatchers = {}
        for name, config in directories.items():
            runtime = Runtime(AdapterRegistry())
            stack.callback(runtime.close)
            runtime.apply(DirectoryStore(config).read())
            dispatchers[name] = runtime.dispatcher
        yield Installed(workload=workload, directories=directories, dispatchers=dispatchers)
        dispatchers.clear()  # a handler is closed when nobody holds it any more
