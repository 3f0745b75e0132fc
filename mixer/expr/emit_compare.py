"""The source of comparisons: Python's own operators wherever they mean the same."""

from typing import Final

from mixer.attribute.value import ValueType
from mixer.expr.ast import Call, Constant, Node
from mixer.expr.operators import SYMBOLS
from mixer.expr.runtime.dns_name import dns_name_equal
from mixer.expr.runtime.email_address import email_equal
from mixer.expr.runtime.number import double_equal, ip_equal, ip_forms
from mixer.expr.runtime.uri import uri_equal
from mixer.expr.writer import Writer

_EQUALITIES: Final = {
    ValueType.DNS_NAME: dns_name_equal,
    ValueType.EMAIL_ADDRESS: email_equal,
    ValueType.URI: uri_equal,
    ValueType.DOUBLE: double_equal,
    ValueType.IP_ADDRESS: ip_equal,
}
"""Types whose equality is more than Python's."""


def emit_compare(writer: Writer, node: Call) -> str:
    """The source of one comparison; `open`."""
    left, right = node.arguments
    if node.name not in {"EQ", "NEQ"}:
        sides = writer.closed(left, used=True), writer.closed(right, used=True)
        return f"{sides[0]} {SYMBOLS[node.name]} {sides[1]}"
    if isinstance(left, Constant):
        left, right = right, left
    kind = writer.type_of(left)
    is_equal = node.name == "EQ"
    if isinstance(right, Constant):
        if kind is ValueType.IP_ADDRESS and isinstance(right.value, bytes):
            word, forms = "in" if is_equal else "not in", writer.bind(ip_forms(right.value))
            return f"{writer.closed(left, used=True)} {word} {forms}"
        if kind is ValueType.DOUBLE and right.value != 0.0:
            return f"{writer.closed(left)} {SYMBOLS[node.name]} {writer.bind(right.value)}"
    if kind in _EQUALITIES:
        helper = writer.bind(_EQUALITIES[kind])
        call = f"{helper}({writer.open(left, used=True)}, {writer.open(right, used=True)})"
        return call if is_equal else f"not {call}"
    sides = _side(writer, left, right), writer.closed(right, used=True)
    return f"{sides[0]} {SYMBOLS[node.name]} {sides[1]}"


def _side(writer: Writer, node: Node, other: Node) -> str:
    is_entry = isinstance(node, Call) and node.name == "INDEX"
    if is_entry and isinstance(other, Constant) and other.value != "":
        # None is as unequal to this constant as the "" for which it stands.
        assert isinstance(node, Call)
        return writer.looked_up(node)
    return writer.closed(node, used=True)
