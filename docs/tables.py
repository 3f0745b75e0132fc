"""The tables of the documents, made from the source."""

import inspect
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Final

import click
from prometheus_client import REGISTRY
from prometheus_client.metrics import MetricWrapperBase
from prometheus_client.metrics_core import Metric

from docs import adapter_tables
from docs.fields import rows_of
from docs.markdown import code, table
from mixer import monitoring
from mixer.adapter import Template, ValueType
from mixer.api.doors import MAPPINGS
from mixer.cli.mixc import main as mixc
from mixer.cli.mixs import main as mixs
from mixer.expr import EXTERNS, Kind, Signature
from mixer.expr.ast import BINARY_FUNCTIONS
from mixer.status import Code, http_status
from mixer.template.catalogue import BUILTIN
from mixer.template.fields import Field, fields_of
from proxy_client.options import ClientOptions
from proxy_client.statistics import DESCRIPTIONS

_PROGRAMS: Final[Mapping[str, click.Group]] = {"mixs": mixs, "mixc": mixc}
_OPERATORS: Final = {name: operator for operator, name in BINARY_FUNCTIONS.items()}


def commands() -> str:
    """Every command of both programs, with the first sentence of its help."""
    rows = [
        (code(f"{program} {name}"), command.get_short_help_str(limit=200))
        for program, group in _PROGRAMS.items()
        for name, command in commands_of(group)
    ]
    return table(("command", "what it does"), rows)


def commands_of(group: click.Group) -> Iterator[tuple[str, click.Command]]:
    """The commands of a group, and of the groups in it."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from ((f"{name} {inner}", one) for inner, one in commands_of(command))
        else:
            yield name, command


def options(program: str, name: str) -> str:
    """The options of one command."""
    rows = [_option(*each) for each in command_options(program, name)]
    return table(("option", "environment variable", "default", "meaning"), rows)


def command_options(program: str, name: str) -> Iterator[tuple[click.Context, click.Option]]:
    """The options of one command, each with a context in which its help can be asked for.

    `name` is the command's, after that of its group if it is in one: `wasm push`.
    """
    command: click.Command = _PROGRAMS[program]
    context = command.make_context(program, [], resilient_parsing=True)
    for word in name.split():
        assert isinstance(command, click.Group), name
        command = command.commands[word]
        context = click.Context(command, info_name=word, parent=context)
    with context:
        for parameter in command.get_params(context):
            if isinstance(parameter, click.Option) and "--help" not in parameter.opts:
                yield context, parameter


def _option(context: click.Context, option: click.Option) -> tuple[str, str, str, str]:
    extra = option.get_help_extra(context)
    record = option.get_help_record(context)
    assert record is not None
    return (
        code(record[0].replace(" RANGE", "")),
        code(", ".join(extra.get("envvars", ()))),
        code(extra.get("default", "")),
        option.help or "",
    )


def metrics() -> str:
    """The metrics of the server itself, as Prometheus sees them."""
    rows = [
        (
            code(_exposed_name(family)),
            family.type,
            ", ".join(map(code, labels)),
            family.documentation,
        )
        for family, labels in _families()
    ]
    return table(("metric", "type", "labels", "meaning"), rows)


def _families() -> Iterator[tuple[Metric, Sequence[str]]]:
    wrappers = [each for each in vars(monitoring).values() if isinstance(each, MetricWrapperBase)]
    labels = {family.name: each._labelnames for each in wrappers for family in each.collect()}  # noqa: SLF001
    for family in REGISTRY.collect():
        # Those of adapters stand on the adapters' pages.
        if family.name.startswith("mixer_") and not family.name.startswith("mixer_adapter_"):
            own: Sequence[str] = getattr(family, "_labelnames", ())
            yield family, labels.get(family.name, own)


def _exposed_name(family: Metric) -> str:
    return f"{family.name}_total" if family.type == "counter" else family.name


def functions() -> str:
    """Operators, functions and methods of expressions."""
    rows = [
        (code(_call(one)), ", ".join(map(_type, one.arguments)), _type(one.result))
        for one in EXTERNS.values()
    ]
    return table(("form", "operands or arguments", "result"), rows)


def _type(value_type: ValueType) -> str:
    return "T" if value_type is ValueType.VALUE_TYPE_UNSPECIFIED else value_type.name


def _call(one: Signature) -> str:
    if one.name in _OPERATORS:
        return f"a {_OPERATORS[one.name]} b"
    if one.name == "INDEX":
        return "a[b]"
    names = ", ".join("abc"[: len(one.arguments)])
    if one.kind is Kind.METHOD:
        assert one.target is not None
        return f"{_type(one.target)}.{one.name}({names})"
    return f"{one.name}({names})"


def templates() -> str:
    """The templates that come with Mixer."""
    rows = [
        (
            code(template.name),
            template.variety.name,
            _about(template),
            ", ".join(map(_field, fields_of(template.instance))),
        )
        for template in BUILTIN.values()
    ]
    return table(("template", "variety", "what it asks", "fields"), rows)


def _about(template: Template) -> str:
    text = inspect.getdoc(sys.modules[template.instance.__module__]) or ""
    return text.partition("\n")[0].partition(": ")[2]


def _field(field: Field) -> str:
    name = code(field.config_names[1])
    if field.message is not None:
        return f"{name} ({', '.join(map(_field, fields_of(field.message)))})"
    if field.is_map:
        return f"{name} map of any type"
    return f"{name} {field.value_type.name if field.value_type else 'any type'}"


def statuses() -> str:
    """Result codes, and the HTTP status of each."""
    rows = [(str(int(one)), code(one.name), str(http_status(one))) for one in Code]
    return table(("code", "name", "HTTP status"), rows)


def attributes(protocol: str) -> str:
    """Which attribute comes from where in a protocol's messages."""
    rows = [
        (code(row.path), code(row.attribute), row.value_type.name) for row in MAPPINGS[protocol]
    ]
    return table(("path", "attribute", "type"), rows)


def client_options() -> str:
    """The settings of the proxy client."""
    rows = [
        (code(_python_name(row.path)), row.type, code(row.default), row.text)
        for row in rows_of(ClientOptions)
    ]
    return table(("option", "type", "default", "meaning"), rows)


def _python_name(config_name: str) -> str:
    return re.sub("[A-Z]", lambda found: f"_{found[0].lower()}", config_name)


def client_counters() -> str:
    """What the proxy client counts."""
    return table(("counter", "what it counts"), [(code(n), t) for n, t in DESCRIPTIONS.items()])


TABLES: Final[Mapping[str, Callable[[], str]]] = {
    "commands": commands,
    "options server": partial(options, "mixs", "server"),
    "options wasm package": partial(options, "mixs", "wasm package"),
    "options wasm push": partial(options, "mixs", "wasm push"),
    "metrics": metrics,
    "functions": functions,
    "templates": templates,
    "statuses": statuses,
    "options client": client_options,
    "counters client": client_counters,
    **{f"attributes {name}": partial(attributes, name) for name in MAPPINGS},
    **adapter_tables.TABLES,
}
"""What a document can ask for, by name."""
