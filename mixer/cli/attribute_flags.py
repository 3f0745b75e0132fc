"""The flags by which `mixc` and `mixs expr` are given attributes."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import click

from mixer.attribute.value import Duration, Timestamp, Value
from mixer.attribute.vocabulary import Vocabulary
from mixer.cli.attribute_text import (
    parse_as,
    parse_bool,
    parse_bytes,
    parse_double,
    parse_int,
    parse_map,
    sense,
)
from mixer.cli.option import option

_GIVEN: Final = "mixer.cli.given_attributes"
_NEXT: Final = re.compile(r",(?=[^,=;:]+=)")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Flag:
    names: tuple[str, ...]
    parse: Callable[[str], Value] | None
    """None where the type is to be sensed."""
    help: str


_FLAGS: Final = (
    _Flag(
        names=("-a", "--attributes"),
        parse=None,
        help="Attributes whose types are sensed from their values.",
    ),
    _Flag(names=("-s", "--string_attributes"), parse=str, help="Attributes of type STRING."),
    _Flag(names=("-i", "--int64_attributes"), parse=parse_int, help="Attributes of type INT64."),
    _Flag(
        names=("-d", "--double_attributes"), parse=parse_double, help="Attributes of type DOUBLE."
    ),
    _Flag(names=("-b", "--bool_attributes"), parse=parse_bool, help="Attributes of type BOOL."),
    _Flag(
        names=("-t", "--timestamp_attributes"),
        parse=Timestamp.parse,
        help="Attributes of type TIMESTAMP, such as 2019-06-01T10:00:00Z.",
    ),
    _Flag(
        names=("--duration_attributes",),
        parse=Duration.parse,
        help="Attributes of type DURATION, such as 1.5s or 20ms.",
    ),
    _Flag(
        names=("--bytes_attributes",),
        parse=parse_bytes,
        help="Attributes of type IP_ADDRESS: a:0:0:1 (hexadecimal), 10.0.0.1 or fe80::1.",
    ),
    _Flag(
        names=("--stringmap_attributes",),
        parse=parse_map,
        help="Attributes of type STRING_MAP: name=key:value;key:value.",
    ),
)


def attribute_flags(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the flags to a command, which reads them by `given_attributes`."""
    for flag in reversed(_FLAGS):
        command = option(
            *flag.names,
            multiple=True,
            metavar="NAME=VALUE,…",
            expose_value=False,
            callback=_collector(flag),
            help=flag.help,
        )(command)
    return command


def given_attributes(
    context: click.Context, vocabulary: Vocabulary | None = None
) -> dict[str, Value]:
    """The attributes given to this command, by name.

    An untyped value is read as the type that `vocabulary` has for its name, if any. Raises
    click.BadParameter for a value that is not of its type.
    """
    given: Mapping[str, _Given] = context.meta.get(_GIVEN, {})
    return {name: _value(name, one, vocabulary or Vocabulary({})) for name, one in given.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    flag: _Flag
    text: str


def _value(name: str, given: _Given, vocabulary: Vocabulary) -> Value:
    try:
        if given.flag.parse is not None:
            return given.flag.parse(given.text)
        info = vocabulary.get(name)
        return parse_as(info.value_type, given.text) if info else sense(given.text)
    except ValueError as error:
        raise click.BadParameter(f"{name}: {error}", param_hint=given.flag.names[0]) from error


def _collector(flag: _Flag) -> Callable[[click.Context, click.Parameter, Iterable[str]], None]:
    def collect(context: click.Context, _parameter: click.Parameter, values: Iterable[str]) -> None:
        given = context.meta.setdefault(_GIVEN, {})
        for name, text in split_pairs(values):
            if name in given:
                raise click.BadParameter(f"attribute {name} is given twice")
            given[name] = _Given(flag=flag, text=text)

    return collect


def split_pairs(values: Iterable[str]) -> list[tuple[str, str]]:
    """Names and texts of `a=1,b=2`; a comma that no `name=` follows belongs to the value.

    Raises click.BadParameter for what has no name or no `=`.
    """
    pairs = [pair.partition("=") for value in values for pair in _NEXT.split(value)]
    for name, equals, _ in pairs:
        if not name or not equals:
            raise click.BadParameter(f"{name + equals!r} is not NAME=VALUE")
    return [(name, text) for name, _, text in pairs]
