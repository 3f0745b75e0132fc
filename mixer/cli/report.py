"""`mixc report`: tells a Mixer what happened."""

from typing import Final

import click

from mixer.cli.attribute_flags import attribute_flags, given_attributes
from mixer.cli.call import Calls, RecordingTransport, call_flags
from mixer.cli.option import CONTEXT_SETTINGS, Output, option, output_option
from mixer.cli.screen import Screen
from proxy_client.client import MixerClient
from proxy_client.options import ClientOptions

_NEVER_S: Final = 86_400.0


@click.command(context_settings=CONTEXT_SETTINGS)
@call_flags
@attribute_flags
@option(
    "--report_batch_size",
    "batch_size",
    type=click.IntRange(min=1),
    default=1,
    help="How many records go into one call.",
)
@output_option
def report(calls: Calls, batch_size: int, output: Output) -> None:
    """Reports --repeat records with these attributes.

    Attributes are given as NAME=VALUE, several separated by commas or by repeating the flag.

    \b
    mixc report -a request.path=/reviews,response.code=200,response.duration=12ms

    Exits with 0 when all were accepted, and with 2 when there was no answer or an adapter failed.
    --output json prints one object: records, calls.
    """  # noqa: D301 - click wants the real \b
    attributes = given_attributes(click.get_current_context())
    options = ClientOptions(
        timeout_s=calls.timeout_s,
        report_batch_entries=batch_size,
        report_batch_s=_NEVER_S,  # batches are full, or flushed at the end
        max_queued_reports=max(calls.repeat, batch_size),
    )
    transport = RecordingTransport(calls.mixer)
    with MixerClient(lambda: transport, options) as client:
        for _ in range(calls.repeat):
            client.report(attributes)
        client.flush(calls.repeat * calls.timeout_s)
        transport.taken()
        call_count = client.statistics.total_remote_report_calls
    screen = Screen()
    if output is Output.JSON:
        screen.json({"records": calls.repeat, "calls": call_count})
    else:
        screen.line(f"OK (records: {calls.repeat}, calls: {call_count})", "bold green")
