"""`python -m benchmarks report` and `compare`."""

from enum import Enum
from pathlib import Path

import click

from benchmarks.report.compare import compare as compare_runs
from benchmarks.report.comparison_text import show_comparison
from benchmarks.report.export import to_csv, to_json
from benchmarks.report.summary import summarize
from benchmarks.report.terminal import show
from benchmarks.run.store import Run, StoreError, read_run
from benchmarks.units import percent
from mixer.cli.option import option
from mixer.cli.screen import Screen

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_FILE = click.Path(dir_okay=False, writable=True, path_type=Path)


class ReportOutput(Enum):
    """How `report` prints its result."""

    TABLE = "table"
    """For people: tables, warnings and a verdict."""
    JSON = "json"
    """All figures in one document."""
    CSV = "csv"
    """One row for each figure."""


class Share(click.ParamType[float]):
    """A percentage, such as `10%`, as a share."""

    name = "percentage"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """`10%` and `10` are 0.1."""
        try:
            share = float(str(value).removesuffix("%")) / 100
        except ValueError:
            share = -1.0
        if not 0 <= share < float("inf"):
            self.fail(f"{value!r} is no percentage", param, ctx)
        return share


@click.command()
@click.argument("folder", metavar="RUN", type=_FOLDER)
@option(
    "-o",
    "--output",
    type=click.Choice(ReportOutput, case_sensitive=False),
    default=ReportOutput.TABLE.value,
    help="table for people, json and csv for programs.",
)
@click.option("--csv", "csv_file", type=_FILE, metavar="FILE", help="Write a CSV file, too.")
@click.option("--json", "json_file", type=_FILE, metavar="FILE", help="Write a JSON file, too.")
@click.option("--html", "html_file", type=_FILE, metavar="FILE", help="Write a page, too.")
@click.option(
    "--png",
    "png_folder",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write the page's charts as pictures, too.",
)
def report(folder: Path, output: ReportOutput, **files: Path | None) -> None:
    """Shows what was measured in a RUN, which is the folder that `run` has made."""
    run = _read(folder)
    summary = summarize(run)
    if output is ReportOutput.TABLE:
        show(summary, Screen())
    else:
        click.echo(to_csv(summary) if output is ReportOutput.CSV else to_json(summary), nl=False)
    for name, to_text in (("csv_file", to_csv), ("json_file", to_json)):
        if file := files[name]:
            file.write_text(to_text(summary), encoding="utf-8")
    _write_pictures(run, files["html_file"], files["png_folder"])


@click.command()
@click.argument("first", metavar="A", type=_FOLDER)
@click.argument("second", metavar="B", type=_FOLDER)
@click.option(
    "--fail-on-slower",
    type=Share(),
    metavar="PERCENT",
    help="Exit with 1 if a figure of B is worse than A's by more than this, beyond noise.",
)
def compare(first: Path, second: Path, fail_on_slower: float | None) -> None:
    """Tells whether run B differs from run A beyond noise."""
    before, after = _read(first), _read(second)
    comparison = compare_runs(before, after)
    if not comparison.changes:
        raise click.ClickException("A and B have no figure in common that has enough data.")
    screen = Screen()
    show_comparison(comparison, before.facts, screen)
    if fail_on_slower is not None and (worse := comparison.slower_than(fail_on_slower)):
        screen.line(
            f"{len(worse)} of them are worse by more than {percent(fail_on_slower)}.", "red"
        )
        click.get_current_context().exit(1)


def _read(folder: Path) -> Run:
    try:
        return read_run(folder)
    except StoreError as error:
        raise click.ClickException(str(error)) from error


def _write_pictures(run: Run, html_file: Path | None, png_folder: Path | None) -> None:
    if not html_file and not png_folder:
        return
    # Only here, because matplotlib takes a second to load.
    from benchmarks.page import write_page, write_pngs  # noqa: PLC0415

    if html_file:
        write_page(run, html_file)
    if png_folder:
        write_pngs(run, png_folder)
