"""`mixs validate`: says everything that is wrong with a configuration."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from pathlib import Path

import click

from mixer.cli.config import DIRECTORY, read_snapshot
from mixer.cli.option import CONTEXT_SETTINGS, Output, output_option
from mixer.cli.screen import Screen
from mixer.config.snapshot import Snapshot
from mixer.errors import ConfigError
from mixer.runtime import describe


@click.command(context_settings=CONTEXT_SETTINGS)
@click.argument("directory", type=DIRECTORY)
@output_option
def validate(directory: Path, output: Output) -> None:
    """Checks the configuration in DIRECTORY as `mixs server` would, without running anything.

    Exits with 0 when it is good, and with 1 when it has errors.

    --output json prints one object: valid; the numbers of rules, handlers, instances and attributes
    that are good; and errors, a list of objects: file and line (null when the error is of no file),
    resource (kind/namespace/name), field (a path within spec, or empty) and message.
    """
    snapshot = read_snapshot(directory)
    screen = Screen()
    if output is Output.JSON:
        screen.json(_report(snapshot))
    else:
        show_errors(snapshot.errors, screen)
        _show_summary(snapshot, screen)
    if snapshot.errors:
        raise SystemExit(1)


def _report(snapshot: Snapshot) -> Mapping[str, object]:
    return {
        "valid": not snapshot.errors,
        "rules": len(snapshot.rules),
        "handlers": len(snapshot.handlers),
        "instances": snapshot.instance_count,
        "attributes": len(snapshot.vocabulary),
        "errors": [_error(error) for error in snapshot.errors],
    }


def _error(error: ConfigError) -> Mapping[str, object]:
    resource, _, field = error.place.partition(": ")
    return {
        "file": error.location.file if error.location else None,
        "line": error.location.line if error.location else None,
        "resource": resource,
        "field": field,
        "message": error.message,
    }


def show_errors(errors: Iterable[ConfigError], screen: Screen) -> None:
    """Prints errors by file and line; those of no file come first."""
    for file, group in groupby(sorted(errors, key=_position), key=_file):
        if file:
            screen.line(file, "bold")
        for error in group:
            line = f"line {error.location.line}: " if error.location else ""
            screen.line(f"  {line}{error.place}: {error.message}", "red")


def _file(error: ConfigError) -> str:
    return error.location.file if error.location else ""


def _position(error: ConfigError) -> tuple[str, int]:
    return _file(error), error.location.line if error.location else 0


def _show_summary(snapshot: Snapshot, screen: Screen) -> None:
    count = len(snapshot.errors)
    if count:
        errors = f"{count} error{'' if count == 1 else 's'}"
        screen.line(f"{errors}; good are {describe(snapshot)}", "bold red")
    else:
        screen.line(f"no errors in {describe(snapshot)}", "bold green")
