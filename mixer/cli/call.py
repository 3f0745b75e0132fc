"""What `mixc check` and `mixc report` share: where the Mixer is, and what a failed call means."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final

import click

from mixer.cli.answer import Exchange
from mixer.cli.option import option
from protos.mixer.v1.mixer_pb2 import CheckRequest, ReportRequest, ReportResponse
from proxy_client.transport import Cancel, CheckOutcome, GrpcTransport, ProxyClientError

EXIT_DENIED: Final = 1


class CallFailed(click.ClickException):
    """Ends the command because a call came back without an answer."""

    exit_code = 2


class RecordingTransport:
    """Carries calls over gRPC, and keeps what was said last."""

    def __init__(self, mixer: str) -> None:
        self._mixer = mixer
        self._transport = GrpcTransport(mixer)
        self._exchange: Exchange | None = None
        self._error: ProxyClientError | None = None

    def check(
        self, request: CheckRequest, timeout_s: float, on_done: Callable[[CheckOutcome], None]
    ) -> Cancel:
        """See `proxy_client.transport.Transport`."""

        def take(outcome: CheckOutcome) -> None:
            if isinstance(outcome, ProxyClientError):
                self._error = outcome
            else:
                self._exchange = Exchange(request, outcome)
            on_done(outcome)

        return self._transport.check(request, timeout_s, take)

    def report(self, request: ReportRequest, timeout_s: float) -> ReportResponse:
        """See `proxy_client.transport.Transport`."""
        try:
            return self._transport.report(request, timeout_s)
        except ProxyClientError as error:
            self._error = error
            raise

    def close(self) -> None:
        """See `proxy_client.transport.Transport`."""
        self._transport.close()

    def taken(self) -> Exchange | None:
        """The last exchange since this was called before; raises CallFailed for a failed call."""
        if self._error is not None:
            raise CallFailed(f"no answer from {self._mixer}: {self._error}") from self._error
        exchange, self._exchange = self._exchange, None
        return exchange


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """Which Mixer is called, and how often."""

    mixer: str
    """`HOST:PORT` or `unix:PATH`."""
    timeout_s: float
    repeat: int


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
