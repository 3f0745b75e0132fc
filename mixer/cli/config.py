"""Reads and checks a configuration for the commands that only look at one."""

from pathlib import Path
from typing import Final

import click

from mixer import demo
from mixer.adapter.registry import AdapterRegistry
from mixer.config.snapshot import Snapshot
from mixer.config.store import DirectoryStore
from mixer.runtime import check_contents


def read_snapshot(directory: Path | None) -> Snapshot:
    """The checked configuration of a directory, or of the demo; errors are in the snapshot."""
    contents = DirectoryStore(directory).read() if directory else demo.contents()
    return check_contents(contents, AdapterRegistry())


DIRECTORY: Final = click.Path(exists=True, file_okay=False, path_type=Path)
"""The type of options and arguments that name a configuration directory."""
