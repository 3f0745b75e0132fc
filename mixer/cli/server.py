"""`mixs server`: answers Check and Report until it is told to stop."""

import logging
import re
import signal
import sys
import threading
from pathlib import Path
from types import FrameType
from typing import Any, Final

import click

from mixer.cli.config import DIRECTORY
from mixer.cli.option import CONTEXT_SETTINGS, option
from mixer.cli.screen import Screen
from mixer.cli.throttle import take_throttle, throttle_options
from mixer.cli.validate import show_errors
from mixer.errors import ConfigErrors
from mixer.runtime import OnConfigError, describe
from mixer.server.log import LogFormat, LogLevel, configure
from mixer.server.options import ServerOptions
from mixer.server.server import MixerServer

_LOG: Final = logging.getLogger(__name__)
_ADDRESS: Final = re.compile(r"unix:.+|[^:]*:\d{1,5}|\[[0-9a-fA-F:.]+\]:\d{1,5}")


def _address(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    if _ADDRESS.fullmatch(value) is None:
        raise click.BadParameter(f"{value!r} is neither HOST:PORT nor unix:PATH")
    return value


@click.command(context_settings=CONTEXT_SETTINGS)
@option(
    "--config",
    type=DIRECTORY,
    metavar="DIR",
    help="The configuration: the YAML files below a directory, watched for changes. Without it, "
    "the built-in demo is served.",
)
@option(
    "--address",
    default="127.0.0.1:9091",
    metavar="HOST:PORT|unix:PATH",
    callback=_address,
    help="Where Check and Report are served over gRPC; port 0 takes a free one.",
)
@option(
    "--monitoring-port",
    type=click.IntRange(0, 65535),
    default=15014,
    help="Port of /metrics, /healthz, /readyz and /version; 0 takes a free one.",
)
@option(
    "--monitoring-host",
    default="127.0.0.1",
    metavar="HOST",
    help="Address that the monitoring port is open on; 0.0.0.0 for all.",
)
@option(
    "--on-config-error",
    type=click.Choice(OnConfigError, case_sensitive=False),
    default=OnConfigError.REJECT.value,
    help="reject keeps the last good configuration; partial serves the good parts of a bad one.",
)
@option(
    "--default-namespace",
    default="istio-system",
    help="The namespace whose rules hold for every request.",
)
@option(
    "--max-message-bytes",
    type=click.IntRange(min=1),
    default=1024 * 1024,
    help="Larger requests are refused.",
)
@option(
    "--worker-threads",
    type=click.IntRange(min=1),
    default=8,
    help="How many requests are worked on at the same time.",
)
@option(
    "--max-streams",
    type=click.IntRange(min=0),
    default=256,
    help="How many streams, such as access logs, may be open; each holds one thread more.",
)
@option(
    "--grace",
    "grace_s",
    type=click.FloatRange(min=0),
    default=5.0,
    metavar="SECONDS",
    help="How long requests under way may take after SIGTERM or SIGINT.",
)
@option(
    "--reflection/--no-reflection",
    default=False,
    help="Whether clients may ask for the service's definition.",
)
@throttle_options
@option(
    "--log-format",
    type=click.Choice(LogFormat, case_sensitive=False),
    default=LogFormat.AUTO.value,
    help="auto is console on a terminal and json elsewhere.",
)
@option(
    "--log-level",
    type=click.Choice(LogLevel, case_sensitive=False),
    default=LogLevel.INFO.value,
    help="The least severity that is logged, to standard error.",
)
def server(
    log_format: LogFormat,
    log_level: LogLevel,
    monitoring_host: str,
    monitoring_port: int,
    **options: Any,
) -> None:
    """Answers Check and Report until SIGTERM or SIGINT; a second signal ends it at once.

    Exits with 0 after a stop, and with 1 when the configuration has errors or an address is not to
    be had.
    """
    configure(log_format, log_level)
    monitoring_address = f"{monitoring_host}:{monitoring_port}"
    throttle = take_throttle(options)
    # The other flags are named after the fields.
    started = _start(
        ServerOptions(monitoring_address=monitoring_address, throttle=throttle, **options)
    )
    try:
        _stop_on_signal(started)
        _announce(started, options["config"])
        started.wait()
    finally:
        started.stop()


def _start(options: ServerOptions) -> MixerServer:
    mixer_server = MixerServer(options)
    try:
        mixer_server.start()
    except ConfigErrors as error:
        show_errors(error.errors, Screen(to_stderr=True))
        raise click.ClickException("the configuration has errors, so nothing is served") from error
    except OSError as error:
        raise click.ClickException(error.strerror or str(error)) from error
    return mixer_server


def _stop_on_signal(started: MixerServer) -> None:
    def stop(_number: int, _frame: FrameType | None) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)  # so the next one ends the process
        # This may have interrupted the very wait that is to end, which holds a lock at times.
        threading.Thread(target=started.request_stop, daemon=True).start()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)


def _announce(started: MixerServer, config: Path | None) -> None:
    snapshot = started.runtime.snapshot
    namespaces = sorted({rule.namespace for rule in snapshot.rules})
    facts = {
        "config": str(config or "the built-in demo"),
        "holds": describe(snapshot),
        "namespaces": ", ".join(namespaces),
        "address": started.address,
        "monitoring": f"http://{started.monitoring_address}/metrics",
        "try": f"mixc check -m {started.address} -a request.path=/",
    }
    if sys.stderr.isatty():
        Screen(to_stderr=True).facts("Mixer is serving", facts)
    else:
        _LOG.info("serving", extra=facts)
