"""`mixc report`: tells a Mixer what happened."""

import click

from mixer.attribute.compressed_encode import encode
from mixer.attribute.dictionary import GLOBAL_WORDS
from mixer.cli.attribute_flags import attribute_flags, given_attributes
from mixer.cli.call import Calls, call_flags
from mixer.cli.option import CONTEXT_SETTINGS, Output, option, output_option
from mixer.cli.screen import Screen
from protos.mixer.v1.mixer_pb2 import ReportRequest


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
    attributes = encode(given_attributes(click.get_current_context()))
    counts = [min(batch_size, calls.repeat - start) for start in range(0, calls.repeat, batch_size)]
    with calls.transport() as transport:
        for count in counts:
            transport.report(
                ReportRequest(
                    attributes=[attributes] * count,
                    global_word_count=len(GLOBAL_WORDS),
                    repeated_attributes_semantics=ReportRequest.INDEPENDENT_ENCODING,
                )
            )
    screen = Screen()
    if output is Output.JSON:
        screen.json({"records": calls.repeat, "calls": len(counts)})
    else:
        screen.line(f"OK (records: {calls.repeat}, calls: {len(counts)})", "bold green")
