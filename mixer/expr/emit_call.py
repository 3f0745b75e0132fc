"""The source of function and method calls: syntax where there is some, else a helper."""

from collections.abc import Callable, Mapping
from typing import Final

from mixer.errors import EvaluationError
from mixer.expr.ast import Call, Constant, Node, children
from mixer.expr.externs import EXTERNS
from mixer.expr.runtime.text import byte_count, searcher, to_lower
from mixer.expr.writer import Writer


def emit_call(writer: Writer, node: Call) -> str:
    """The source of one call; `open`."""
    return _SPECIAL.get(node.name, _plain)(writer, node)


def _plain(writer: Writer, node: Call) -> str:
    arguments = ", ".join(writer.open(part) for part in children(node))
    return f"{writer.bind(EXTERNS[node.name].implementation)}({arguments})"


def _match(writer: Writer, node: Call) -> str:
    text, pattern = node.arguments
    if not isinstance(pattern, Constant) or not isinstance(pattern.value, str):
        return _plain(writer, node)
    if pattern.value.endswith("*"):
        return f"{writer.closed(text)}.startswith({writer.bind(pattern.value[:-1])})"
    if pattern.value.startswith("*"):
        return f"{writer.closed(text)}.endswith({writer.bind(pattern.value[1:])})"
    return f"{writer.closed(text)} == {writer.bind(pattern.value)}"


def _matches(writer: Writer, node: Call) -> str:
    if not isinstance(node.target, Constant) or not isinstance(node.target.value, str):
        return _plain(writer, node)
    try:
        search = searcher(node.target.value)
    except EvaluationError:
        return _plain(writer, node)  # fails again, when it is evaluated
    return f"{writer.bind(search)}({writer.closed(node.arguments[0])}.encode()) is not None"


def _starts_with(writer: Writer, node: Call) -> str:
    text, prefix = children(node)
    return f"{writer.closed(text)}.startswith({writer.open(prefix)})"


def _ends_with(writer: Writer, node: Call) -> str:
    text, suffix = children(node)
    return f"{writer.closed(text)}.endswith({writer.open(suffix)})"


def _to_lower(writer: Writer, node: Call) -> str:
    value = writer.temporary()
    return _if_ascii(writer, node.arguments[0], value, f"{value}.lower()", to_lower)


def _size(writer: Writer, node: Call) -> str:
    value = writer.temporary()
    return _if_ascii(writer, node.arguments[0], value, f"{writer.bind(len)}({value})", byte_count)


def _if_ascii(
    writer: Writer, text: Node, value: str, fast: str, slow: Callable[[str], object]
) -> str:
    test = f"({value} := {writer.open(text)}).isascii()"
    return f"{fast} if {test} else {writer.bind(slow)}({value})"


def _conditional_string(writer: Writer, node: Call) -> str:
    # Unlike `conditional`, this evaluates both texts.
    values = writer.temporary()
    everything = ", ".join(writer.open(part) for part in node.arguments)
    return f"({values} := ({everything}))[1 if {values}[0] else 2]"


_SPECIAL: Final[Mapping[str, Callable[[Writer, Call], str]]] = {
    "match": _match,
    "matches": _matches,
    "startsWith": _starts_with,
    "endsWith": _ends_with,
    "toLower": _to_lower,
    "size": _size,
    "conditionalString": _conditional_string,
}
