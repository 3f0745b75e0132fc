"""What `mixc check` and `mixc report` share: where the Mixer is, and what a failed call means."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final

import click

from mixer.cli.option import option
from proxy_client.transport import MixerTransport, ProxyClientError

EXIT_DENIED: Final = 1


class CallFailed(click.ClickException):
    """Ends the command because a call came back without an answer."""

    exit_code = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """Which Mixer is called, and how often."""

    mixer: str
    """`HOST:PORT` or `unix:PATH`."""
    timeout_s: float
    repeat: int

    @contextmanager
    def transport(self) -> Iterator[MixerTransport]:
        """A transport to the Mixer; a call that fails ends the command with CallFailed."""
        with MixerTransport(self.mixer, self.timeout_s) as transport:
            try:
                yield transport
            except ProxyClientError as error:
                raise CallFailed(f"no answer from {self.mixer}: {error}") from error


_OPTIONS: Final = (
    option(
        "-m",
        "--mixer",
        default="127.0.0.1:9091",
        metavar="HOST:PORT|unix:PATH",
        help="Where the Mixer listens.",
    ),
    option(
        "--timeout",
        "timeout_s",
        type=click.FloatRange(min=0, min_open=True),
        default=5.0,
        metavar="SECONDS",
        help="How long to wait for each answer.",
    ),
    option(
        "-r", "--repeat", type=click.IntRange(min=1), default=1, help="How many times to do it."
    ),
)


def call_flags(command: Callable[..., None]) -> Callable[..., None]:
    """Adds --mixer, --timeout and --repeat to a command, which gets them as `calls`."""

    @wraps(command)
    def with_calls(mixer: str, timeout_s: float, repeat: int, **flags: Any) -> None:
        command(calls=Calls(mixer=mixer, timeout_s=timeout_s, repeat=repeat), **flags)

    wrapped: Callable[..., None] = with_calls
    for add in reversed(_OPTIONS):
        wrapped = add(wrapped)
    return wrapped
