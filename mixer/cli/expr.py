"""`mixs expr`: what an expression means, and what it says of some attributes."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from mixer.attribute.bag import Bag, MappingBag
from mixer.attribute.value import Value, stringify
from mixer.attribute.vocabulary import AttributeInfo, Vocabulary
from mixer.cli.attribute_flags import attribute_flags, given_attributes
from mixer.cli.attribute_text import type_of
from mixer.cli.config import DIRECTORY, read_snapshot
from mixer.cli.option import CONTEXT_SETTINGS, Output, option, output_option
from mixer.cli.screen import Screen
from mixer.errors import EvaluationError, ExpressionError
from mixer.expr import Expression, compile_expression


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reference:
    attribute: str
    key: str
    condition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Result:
    type: str
    value: str | None
    no_value: str
    references: list[_Reference]
    python: str
    constants: dict[str, str]


@click.command(context_settings=CONTEXT_SETTINGS)
@click.argument("expression")
@attribute_flags
@option(
    "--vocabulary",
    "directory",
    type=DIRECTORY,
    metavar="DIR",
    help="A configuration that declares the attributes; else the demo's vocabulary.",
)
@output_option
def expr(expression: str, directory: Path | None, output: Output) -> None:
    """Compiles EXPRESSION and evaluates it over the given attributes.

    \b
    mixs expr 'request.size > 1024 || request.method == "PUT"' -a request.size=80

    Prints its type, its value, the attributes that were read for it, and the Python that it became.
    An attribute that the vocabulary lacks has the type of its given value.

    Exits with 0 when the expression is right, even when it has no value for these attributes, and
    with 1 when it is not. --output json prints one object: type, value (as text, or null), no_value
    (why there is none), references (a list of attribute, key, condition), python, and constants,
    which says what the names in python stand for; or, for a wrong expression: column and error.
    """  # noqa: D301 - click wants the real \b
    vocabulary = read_snapshot(directory).vocabulary
    attributes = given_attributes(click.get_current_context(), vocabulary)
    screen = Screen()
    try:
        compiled = compile_expression(expression, _extended(vocabulary, attributes))
    except ExpressionError as error:
        _show_error(expression, error, output)
        raise SystemExit(1) from error
    result = _evaluate(compiled, MappingBag(attributes))
    if output is Output.JSON:
        screen.json(asdict(result))
    else:
        _show(result, screen)


def _extended(vocabulary: Vocabulary, attributes: Mapping[str, Value]) -> Vocabulary:
    return vocabulary.extended(
        {
            name: AttributeInfo(value_type=type_of(value))
            for name, value in attributes.items()
            if name not in vocabulary
        }
    )


def _evaluate(compiled: Expression, bag: Bag) -> _Result:
    value, no_value = None, ""
    try:
        value = _text(compiled.evaluate(bag))
    except EvaluationError as error:
        no_value = str(error)
    return _Result(
        type=compiled.type.name,
        value=value,
        no_value=no_value,
        references=[
            _Reference(attribute=name, key=key or "", condition="EXACT" if there else "ABSENCE")
            for name, key, there in bag.references
        ],
        python=compiled.source,
        constants={name: repr(it) for name, it in compiled.names.items() if not callable(it)},
    )


def _text(value: Value) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return stringify(value)


def _show(result: _Result, screen: Screen) -> None:
    screen.line(f"type   {result.type}")
    if result.value is None:
        screen.line(f"value  none: {result.no_value}", "yellow")
    else:
        screen.line(f"value  {result.value}", "bold")
    if result.references:
        screen.heading("Referenced attributes")
        screen.table(
            ("attribute", "key", "condition"),
            [(one.attribute, one.key, one.condition) for one in result.references],
        )
    screen.heading("Python")
    screen.line(result.python)
    for name, constant in result.constants.items():
        screen.line(f"{name} = {constant}", "dim")


def _show_error(expression: str, error: ExpressionError, output: Output) -> None:
    if output is Output.JSON:
        Screen().json({"column": error.column, "error": error.message})
        return
    screen = Screen(to_stderr=True)
    line, caret = _pointed_at(expression, error.column)
    screen.line(line)
    screen.line(caret, "bold red")
    screen.line(str(error), "red")


def _pointed_at(text: str, column: int) -> tuple[str, str]:
    """The line of `text` in which the `column`th character is, and a caret to put below it."""
    start = text.rfind("\n", 0, column - 1) + 1
    line = text[start:].partition("\n")[0]
    return line, " " * (column - 1 - start) + "^"
