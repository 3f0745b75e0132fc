"""What a list is written in, and the making of it.

A body holds one entry in each line; a list of addresses is a YAML document instead, whose key
`whitelist` holds the entries, whatever they are used for (istio 1.4 `mixer/adapter/list`).
"""

from collections.abc import Callable, Iterable, Mapping
from enum import IntEnum
from typing import Final

import yaml

from adapters.listchecker.addresses import Addresses
from adapters.listchecker.entries import CaseInsensitiveStrings, Entries, Patterns, Strings

_YAML_LOADER: Final = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class EntryType(IntEnum):
    """What the entries of a list are."""

    STRINGS = 0
    CASE_INSENSITIVE_STRINGS = 1
    IP_ADDRESSES = 2
    """Addresses and networks, such as `10.0.0.0/8`."""
    REGEX = 3
    """RE2 patterns, which match anywhere in a value unless anchored."""


_MAKERS: Final[Mapping[EntryType, Callable[[Iterable[str]], Entries]]] = {
    EntryType.STRINGS: Strings,
    EntryType.CASE_INSENSITIVE_STRINGS: CaseInsensitiveStrings,
    EntryType.IP_ADDRESSES: Addresses,
    EntryType.REGEX: Patterns,
}


def make(entry_type: EntryType, entries: Iterable[str]) -> Entries:
    """A list of these entries; raises ValueError for one that is none of its type."""
    return _MAKERS[entry_type](entries)


def read(entry_type: EntryType, body: bytes) -> list[str]:
    """The entries that a provider's answer holds; raises ValueError for one that holds none."""
    return _whitelist(body) if entry_type is EntryType.IP_ADDRESSES else _lines(body)


def _lines(body: bytes) -> list[str]:
    # An empty line is no entry: as a pattern it would match everything, and every file that ends
    # in a newline would put the empty text in its list.
    text = body.decode("utf-8-sig")
    return [line for raw in text.split("\n") if (line := raw.removesuffix("\r"))]


def _whitelist(body: bytes) -> list[str]:
    try:
        # The base loader makes nothing but texts, lists and mappings: no code runs.
        document = yaml.load(body, Loader=_YAML_LOADER)  # noqa: S506
    except yaml.YAMLError as error:
        raise ValueError(f"no YAML: {error}") from error
    if not isinstance(document, Mapping) or "whitelist" not in document:
        raise ValueError("no YAML document with the key `whitelist`")
    entries = document["whitelist"] or []
    if not isinstance(entries, list) or not all(isinstance(entry, str) for entry in entries):
        raise ValueError("`whitelist` is no list of texts")
    return entries
