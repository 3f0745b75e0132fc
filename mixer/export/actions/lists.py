"""The lists of listcheckers, in the forms in which an interpreter looks into them."""

import sys
from collections.abc import Iterable, Mapping
from functools import lru_cache
from ipaddress import IPv6Network, ip_network
from typing import Final

from adapters.listchecker import EntryType
from mixer.export.pool import Pool
from mixer.export.program import AddressList, FoldedList, List, PatternList, TextList
from mixer.export.regex.automaton import automaton_of

_V4_MAPPED_BITS: Final = 96
_SURROGATES: Final = range(0xD800, 0xE000)


def make_list(pool: Pool, entry_type: EntryType, entries: tuple[str, ...]) -> List:
    """A list of entries that the adapter takes; raises UnsupportedPatternError."""
    match entry_type:
        case EntryType.STRINGS:
            return TextList(kind="texts", entries=sorted(set(entries)))
        case EntryType.CASE_INSENSITIVE_STRINGS:
            return _folded(entries)
        case EntryType.IP_ADDRESSES:
            return AddressList(kind="addresses", networks=sorted(set(map(_network, entries))))
        case EntryType.REGEX:
            automaton = pool.add_automaton(automaton_of(entries), entries)
            return PatternList(kind="patterns", automaton=automaton)


def _folded(entries: Iterable[str]) -> FoldedList:
    folded = {entry.casefold() for entry in entries}
    alphabet = set().union(*folded)
    # A character whose folding is in no entry can stay as it is: it is in no entry either.
    fold = {char: text for char, text in _foldings().items() if alphabet.issuperset(text)}
    return FoldedList(kind="folded", entries=sorted(folded), fold=fold)


@lru_cache(maxsize=1)
def _foldings() -> Mapping[str, str]:
    """All characters beyond ASCII that casefold to something else."""
    codes = (code for code in range(0x80, sys.maxunicode + 1) if code not in _SURROGATES)
    return {char: char.casefold() for char in map(chr, codes) if char.casefold() != char}


def _network(entry: str) -> tuple[str, int]:
    network = ip_network(entry, strict=False)
    address, length = network.network_address, network.prefixlen
    if isinstance(network, IPv6Network) and length >= _V4_MAPPED_BITS:
        mapped = network.network_address.ipv4_mapped
        if mapped is not None:
            address, length = mapped, length - _V4_MAPPED_BITS
    return address.packed.hex(), length
