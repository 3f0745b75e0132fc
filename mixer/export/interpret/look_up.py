"""Looks into lists: the reference for what is in them."""

from typing import Final

from mixer.attribute.value import stringify
from mixer.errors import EvaluationError
from mixer.export.interpret.machine import shortest_address
from mixer.export.program import Automaton, List
from mixer.export.regex.automaton import finds
from mixer.expr.runtime.number import ip

_LENGTHS: Final = frozenset({4, 16})


def is_listed(entries: List, value: str | bytes, automata: list[Automaton]) -> bool | None:
    """Whether a value is in a list; None if it can't be, because it is no address."""
    if entries["kind"] == "addresses":
        return _is_in_networks(entries["networks"], value)
    text = stringify(value)
    match entries["kind"]:
        case "texts":
            return text in entries["entries"]
        case "folded":
            return _folded(text, entries["fold"]) in entries["entries"]
        case "patterns":
            return finds(automata[entries["automaton"]], text.encode())


def _folded(text: str, fold: dict[str, str]) -> str:
    return "".join(char.lower() if char.isascii() else fold.get(char, char) for char in text)


def _is_in_networks(networks: list[tuple[str, int]], value: str | bytes) -> bool | None:
    try:
        address = shortest_address(ip(value) if isinstance(value, str) else value)
    except EvaluationError:
        return None
    if len(address) not in _LENGTHS:
        return None
    return any(_is_in(address, bytes.fromhex(network), length) for network, length in networks)


def _is_in(address: bytes, network: bytes, length: int) -> bool:
    if len(address) != len(network):
        return False
    host_bits = len(network) * 8 - length
    return int.from_bytes(address) >> host_bits == int.from_bytes(network) >> host_bits
