"""`mixs export`: compiles a configuration for a filter that runs inside Envoy."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mixer.attribute.value import Value
from mixer.cli.attribute_flags import attribute_flags, given_attributes, split_pairs
from mixer.cli.config import DIRECTORY, read_snapshot
from mixer.cli.option import CONTEXT_SETTINGS, option
from mixer.cli.screen import Screen
from mixer.cli.validate import show_errors
from mixer.config.snapshot import Snapshot

if TYPE_CHECKING:
    from mixer.export.exporter import Exported


@click.command(context_settings=CONTEXT_SETTINGS)
@click.argument("directory", type=DIRECTORY)
@option(
    "--target",
    type=click.Choice(["wasm"]),
    default="wasm",
    help="What is to run the policy: the policy filter, as WebAssembly in Envoy.",
)
@option(
    "-o",
    "--output",
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Where the program goes; else standard output.",
)
@option(
    "--namespace",
    default="",
    metavar="NS",
    help="The namespace of the proxy's workload: its rules apply too.",
)
@option(
    "--default-namespace",
    default="istio-system",
    metavar="NS",
    help="The namespace whose rules apply everywhere.",
)
@attribute_flags
@option(
    "--absent",
    multiple=True,
    metavar="NAME,…",
    help="Attributes that no request has, and that a proxy needs not know.",
)
@option(
    "--quota",
    "quotas",
    multiple=True,
    metavar="NAME=AMOUNT,…",
    help="What a request takes of a quota; 1 by default, 0 for nothing.",
)
@option(
    "--quota-cells",
    "cells",
    type=click.Choice(["shared", "worker"]),
    default="shared",
    help="Whether the workers of an Envoy count quotas together, or each alone: that is faster, "
    "and grants up to as many times the amount.",
)
@option("--fail-open", is_flag=True, help="Let requests pass on which the policy can't decide.")
@option("--report", is_flag=True, help="Say, on standard error, what was placed and what was not.")
def export(directory: Path, file: Path | None, *, report: bool, **given: Any) -> None:
    """Compiles the configuration in DIRECTORY to a program for a filter inside Envoy.

    \b
    mixs export --target wasm policies -o policy.json --namespace shop

    What a request can't tell by itself, such as destination.service.name, is said by the attribute
    options, and is the same for all requests of the proxy.

    Exits with 0 when all that applies has a place in a proxy. Otherwise it lists what has none, as
    resource, field and reason, writes nothing and exits with 1.
    """  # noqa: D301 - click wants the real \b
    snapshot = read_snapshot(directory)
    errors = Screen(to_stderr=True)
    if snapshot.errors:
        show_errors(snapshot.errors, errors)
        raise SystemExit(1)
    attributes = given_attributes(click.get_current_context(), snapshot.vocabulary)
    exported = _export(snapshot, attributes, given)
    if report:
        _show_placed(exported, errors)
    if exported.refused:
        _show_refused(exported, errors)
        raise SystemExit(1)
    text = json.dumps(exported.program, ensure_ascii=False, separators=(",", ":"))
    if file is None:
        click.echo(text)
    else:
        file.write_text(text + "\n", encoding="utf-8")


def _export(snapshot: Snapshot, attributes: dict[str, Value], given: dict[str, Any]) -> "Exported":
    # Not at the top: it imports all adapters that it can place, which other commands need not.
    from mixer.export.exporter import ExportOptions, export  # noqa: PLC0415
    from mixer.export.scope import Said  # noqa: PLC0415

    absent = frozenset(name for names in given["absent"] for name in names.split(","))
    options = ExportOptions(
        namespace=given["namespace"],
        default_namespace=given["default_namespace"],
        said=Said(attributes=attributes, absent=absent),
        fail_open=given["fail_open"],
        cells=given["cells"],
        amounts=dict(_amounts(given["quotas"])),
    )
    return export(snapshot, options)


def _amounts(given: Iterable[str]) -> Iterator[tuple[str, int]]:
    for name, amount in split_pairs(given):
        if not (amount.isascii() and amount.isdecimal()):
            message = f"{amount!r} is no amount"
            raise click.BadParameter(message, param_hint="--quota")
        yield name, int(amount)


def _show_placed(exported: "Exported", screen: Screen) -> None:
    screen.line("Placed", "bold")
    for placed in exported.placed:
        screen.line(f"  rule/{placed.rule}: {placed.what}")
    if exported.stats_tags:
        screen.heading("For Envoy's bootstrap")
        screen.line("stats_config:\n  stats_tags:")
        for tag, regex in exported.stats_tags:
            screen.line(f"  - {{tag_name: {tag}, regex: '{regex}'}}")


def _show_refused(exported: "Exported", screen: Screen) -> None:
    screen.line("No place in a proxy", "bold")
    for error in exported.refused:
        screen.line(f"  {error}", "red")
    if exported.unknown:
        screen.line(f"for unknown attributes: --absent {','.join(exported.unknown)}", "bold")
