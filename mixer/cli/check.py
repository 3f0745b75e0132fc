"""`mixc check`: asks a Mixer whether a request may pass, and prints its verdict."""

from collections.abc import Sequence

import click

from mixer.cli.answer import Answer, ServerAnswer, read_answer
from mixer.cli.attribute_flags import attribute_flags, given_attributes, split_pairs
from mixer.cli.attribute_text import parse_int
from mixer.cli.call import EXIT_DENIED, Calls, RecordingTransport, call_flags
from mixer.cli.option import CONTEXT_SETTINGS, Output, option, output_option
from mixer.cli.screen import Screen
from proxy_client.client import MixerClient
from proxy_client.options import ClientOptions, FailMode
from proxy_client.quota.charge import QuotaCharge
from proxy_client.statistics import Statistics


def _quotas(
    _context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]
) -> list[QuotaCharge]:
    try:
        return [QuotaCharge(name, parse_int(amount)) for name, amount in split_pairs(values)]
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
    help="Quotas that the request takes from.",
)
@option(
    "--cache/--no-cache",
    "is_caching",
    default=True,
    help="Use answers and quota again as a proxy does, or ask the server each time.",
)
@output_option
def check(calls: Calls, quotas: list[QuotaCharge], output: Output, *, is_caching: bool) -> None:
    """Asks whether a request with these attributes may pass.

    Attributes are given as NAME=VALUE, several separated by commas or by repeating the flag.

    \b
    mixc check -a source.ip=10.0.0.1,request.path=/reviews -q requests=1

    Exits with 0 when every request may pass, with 1 when one is denied or gets too little of a
    quota, and with 2 when there is no answer. With --output json, each answer is one object on one
    line.
    """  # noqa: D301 - click wants the real \b
    attributes = given_attributes(click.get_current_context())
    screen = Screen()
    transport = RecordingTransport(calls.mixer)
    is_allowed = True
    with MixerClient(lambda: transport, _options(calls, is_caching=is_caching)) as client:
        for _ in range(calls.repeat):
            verdict = client.check(attributes, quotas)
            exchange = transport.taken()
            answer = read_answer(verdict, None if verdict.check_cache_hit else exchange)
            _show(answer, output, screen)
            is_allowed &= verdict.is_ok
        if calls.repeat > 1 and output is Output.TEXT:
            _show_statistics(client.statistics, screen)
    if not is_allowed:
        raise SystemExit(EXIT_DENIED)


def _options(calls: Calls, *, is_caching: bool) -> ClientOptions:
    size = 10_000 if is_caching else 0
    return ClientOptions(
        timeout_s=calls.timeout_s,
        quota_fail_mode=FailMode.CLOSED,
        check_cache_entries=size,
        quota_cache_entries=size,
    )


def _show(answer: Answer, output: Output, screen: Screen) -> None:
    if output is Output.JSON:
        screen.json(answer.to_json())
        return
    _show_verdict(answer, screen)
    if answer.server is not None:
        _show_quotas(answer.server, screen)
    _show_directive(answer, screen)
    if answer.server is not None:
        _show_references(answer.server, screen)


def _show_verdict(answer: Answer, screen: Screen) -> None:
    message = f": {answer.message}" if answer.message else ""
    style = "bold green" if answer.status == "OK" else "bold red"
    screen.line(f"{answer.status}{message}", style)
    if answer.server is None:
        screen.line("from the cache", "dim")
    else:
        server = answer.server
        screen.line(f"valid for {server.valid_duration} or {server.valid_use_count} uses")


def _show_quotas(answer: ServerAnswer, screen: Screen) -> None:
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


def _show_references(answer: ServerAnswer, screen: Screen) -> None:
    if answer.referenced_attributes:
        screen.heading("Referenced attributes")
        screen.table(
            ("attribute", "key", "condition"),
            [(one.name, one.key, one.condition) for one in answer.referenced_attributes],
        )


def _show_statistics(statistics: Statistics, screen: Screen) -> None:
    screen.heading("Cache")
    rows: Sequence[tuple[str, int, int]] = (
        ("policy", statistics.total_check_cache_hits, statistics.total_check_cache_misses),
        ("quota", statistics.total_quota_cache_hits, statistics.total_quota_cache_misses),
    )
    screen.table(
        ("", "hits", "misses"),
        [(name, str(hits), str(misses)) for name, hits, misses in rows if hits or misses],
    )
    screen.line(f"calls: {statistics.total_remote_calls}")
