"""`python -m benchmarks run`."""

import secrets
import shlex
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import click
from click.core import ParameterSource

from benchmarks.arms import all_arms
from benchmarks.cell import PACINGS, PROTOCOLS
from benchmarks.load import LoadError
from benchmarks.placing.service import ServiceError
from benchmarks.run.comparison import NothingToMeasureError, Outcome, conduct, go_on
from benchmarks.run.options import RunOptions
from benchmarks.run.proof import ProofError
from benchmarks.run.resume import ResumeError
from benchmarks.run.sampling import ProcessGoneError
from benchmarks.run.store import StoreError
from benchmarks.run.sweeps import SWEEPS
from benchmarks.scenarios import FACTORIES, RequestsError
from mixer.cli.option import option
from mixer.cli.screen import Screen
from mixer.errors import MixerError

_CUT: Final = 130
"""The exit code of what Ctrl-C has ended."""
_FAILURES: Final = (
    *(LoadError, MixerError, NothingToMeasureError, ProcessGoneError, RequestsError),
    *(ResumeError, ServiceError, StoreError),
)
_POSITIVE: Final = click.FloatRange(min=0, min_open=True)
_COUNT: Final = click.IntRange(min=1)


@click.command()
@click.option(
    "--scenario",
    multiple=True,
    type=click.Choice(list(FACTORIES)),
    help="Only this scenario; may be given several times, as --arm and --sweep.",
)
@click.option(
    "--arm",
    multiple=True,
    type=click.Choice([arm.name for arm in all_arms()]),
    help="Only this arm, and Envoy alone.",
)
@click.option(
    "--sweep",
    multiple=True,
    type=click.Choice(SWEEPS),
    help="Only this; base is one cell for each scenario, all others vary it.",
)
@click.option("--rate", type=_POSITIVE, help="Requests per second of the base cell; else 200.")
@click.option("--connections", type=_COUNT, help="Connections of the base cell; else 8.")
@click.option(
    "--protocol", type=click.Choice(PROTOCOLS), help="What requests are sent by; else http1."
)
@click.option(
    "--pacing",
    type=click.Choice(PACINGS),
    help="How requests follow each other: evenly, or as those of many clients do; else poisson.",
)
@click.option("--repetitions", type=_COUNT, help="How often all of it; else 5.")
@click.option(
    "--duration",
    type=_POSITIVE,
    metavar="SECONDS",
    help="How long a base cell is measured; else 12. Cells of sweeps take an eighth of it.",
)
@click.option(
    "--config",
    type=click.Path(exists=True, file_okay=False, resolve_path=True, path_type=Path),
    metavar="DIR",
    help="Measure your own policy: a directory with Mixer's configuration.",
)
@click.option(
    "--requests",
    type=click.Path(exists=True, dir_okay=False, resolve_path=True, path_type=Path),
    metavar="FILE",
    help="The requests to send with --config, in YAML.",
)
@click.option("--seed", type=int, help="Repeats the order and the requests of another run.")
@option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    default="runs",
    help="Where a folder for the run is made.",
)
@click.option(
    "--resume",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="RUN",
    help="Go on with a run that was cut short, in its folder; no other option is of use then.",
)
@click.option("--quick", is_flag=True, help="See in 3 minutes whether it runs; no figures.")
def run(**said: Any) -> None:
    """Measures what each placement of a policy costs, with a real Envoy.

    Says first how long that takes, and wants a machine that does nothing else. Ctrl-C ends it;
    what was measured by then can be reported, and --resume goes on from there.
    """
    resumed: Path | None = said.pop("resume")
    if resumed:
        _refuse_others()
        _run(lambda screen: go_on(resumed, screen))
        return
    if said["requests"] and not said["config"]:
        raise click.UsageError("--requests is of no use without --config")
    if said["seed"] is None:
        said["seed"] = secrets.randbits(32)
    options = RunOptions(**said)
    command = shlex.join(["python", "-m", "benchmarks", *sys.argv[1:]])
    _run(lambda screen: conduct(options, command, screen))


def _refuse_others() -> None:
    """A run goes on as it was begun."""
    context = click.get_current_context()
    for name in context.params:
        if name != "resume" and context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            raise click.UsageError(f"--{name} is of no use with --resume")


def _run(measure: Callable[[Screen], Outcome]) -> None:
    # To be ended from outside is no reason to leave processes behind, either.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    screen = Screen(to_stderr=True)
    try:
        outcome = measure(screen)
    except ProofError as error:
        raise click.ClickException(f"This run proves nothing. {error}") from error
    except _FAILURES as error:
        raise click.ClickException(str(error)) from error
    if outcome.measured_count:
        _show(outcome.folder)
    if outcome.is_cut:
        counts = f"{outcome.measured_count:,} of {outcome.planned_count:,}"
        screen.line(f"Cut short after {counts} measurements.", "yellow")
        if outcome.measured_count:
            screen.line(f"To go on: python -m benchmarks run --resume {outcome.folder}")
        click.get_current_context().exit(_CUT)


def _show(folder: Path) -> None:
    # Only now, because matplotlib takes a second to load.
    from benchmarks.page import write_page  # noqa: PLC0415
    from benchmarks.report.summary import summarize  # noqa: PLC0415
    from benchmarks.report.terminal import show  # noqa: PLC0415
    from benchmarks.run.store import read_run  # noqa: PLC0415

    run = read_run(folder)
    show(summarize(run), Screen())
    page = folder / "report.html"
    write_page(run, page)
    click.echo(f"\n{folder}: all that was measured; {page}: the same to look at")
