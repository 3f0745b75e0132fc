"""`mixc check`: asks a Mixer whether a request may pass, and prints its verdict."""

from collections.abc import Mapping
from uuid import uuid4

import click

from mixer.attribute.compressed_encode import encode
from mixer.attribute.dictionary import GLOBAL_WORDS
from mixer.attribute.value import Value
from mixer.cli.answer import Answer, read_answer
from mixer.cli.attribute_flags import attribute_flags, given_attributes, split_pairs
from mixer.cli.attribute_text import parse_int
from mixer.cli.call import EXIT_DENIED, Calls, call_flags
from mixer.cli.option import CONTEXT_SETTINGS, Output, option, output_option
from mixer.cli.screen import Screen
from protos.mixer.v1.mixer_pb2 import CheckRequest


def _quotas(
    _context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]
) -> dict[str, int]:
    try:
        return {name: parse_int(amount) for name, amount in split_pairs(values)}
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


@click.command(context_settings=CONTEXT_SETTINGS)
@call_flags
@attribute_flags
@option(
    "-q",
    "--quotas",
    multiple=True,
    metavar="NAME=AMOUNT,…",
    callback=_quotas,
    help="Quotas to ask for, best effort: less than the amount may be granted.",
)
@output_option
def check(calls: Calls, quotas: dict[str, int], output: Output) -> None:
    """Asks whether a request with these attributes may pass.

    Attributes are given as NAME=VALUE, several separated by commas or by repeating the flag.

    \b
    mixc check -a source.ip=10.0.0.1,request.path=/reviews -q requests=1

    Exits with 0 when every request may pass, with 1 when one is denied or gets nothing of a quota,
    and with 2 when there is no answer. With --output json, each answer is one object on one line.
    """  # noqa: D301 - click wants the real \b
    attributes = given_attributes(click.get_current_context())
    screen = Screen()
    is_allowed = True
    with calls.transport() as transport:
        for _ in range(calls.repeat):
            request = _request(attributes, quotas)
            answer = read_answer(request, transport.check(request))
            _show(answer, output, screen)
            is_allowed &= answer.is_allowed
    if not is_allowed:
        raise SystemExit(EXIT_DENIED)


def _request(attributes: Mapping[str, Value], quotas: Mapping[str, int]) -> CheckRequest:
    return CheckRequest(
        attributes=encode(attributes),
        global_word_count=len(GLOBAL_WORDS),
        deduplication_id=uuid4().hex,
        quotas={
            name: CheckRequest.QuotaParams(amount=amount, best_effort=True)
            for name, amount in quotas.items()
        },
    )


def _show(answer: Answer, output: Output, screen: Screen) -> None:
    if output is Output.JSON:
        screen.json(answer.to_json())
        return
    _show_verdict(answer, screen)
    _show_quotas(answer, screen)
    _show_directive(answer, screen)
    _show_references(answer, screen)


def _show_verdict(answer: Answer, screen: Screen) -> None:
    message = f": {answer.message}" if answer.message else ""
    style = "bold green" if answer.status == "OK" else "bold red"
    screen.line(f"{answer.status}{message}", style)
    screen.line(f"valid for {answer.valid_duration} or {answer.valid_use_count} uses")


def _show_quotas(answer: Answer, screen: Screen) -> None:
    if not answer.quotas:
        return
    screen.heading("Quotas")
    screen.table(
        ("quota", "asked", "granted", "valid for", "status"),
        [
            (
                quota.name,
                str(quota.asked),
                str(quota.granted),
                quota.valid_duration,
                f"{quota.status} {quota.message}".rstrip(),
            )
            for quota in answer.quotas
        ],
    )


def _show_directive(answer: Answer, screen: Screen) -> None:
    if answer.direct_response_code:
        screen.heading("Direct response")
        screen.line(f"{answer.direct_response_code} {answer.direct_response_body}".rstrip())
    if answer.header_operations:
        screen.heading("Header operations")
        screen.table(
            ("on", "operation", "header", "value"),
            [(one.on, one.operation, one.name, one.value) for one in answer.header_operations],
        )


def _show_references(answer: Answer, screen: Screen) -> None:
    if answer.referenced_attributes:
        screen.heading("Referenced attributes")
        screen.table(
            ("attribute", "key", "condition"),
            [(one.name, one.key, one.condition) for one in answer.referenced_attributes],
        )
