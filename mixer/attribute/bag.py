"""A bag: the attributes of one request, and a record of what a policy read of them.

A policy decision may be used again for every request that looks the same *to the policy*. So Mixer
tells its clients which attributes it read: present or absent, map entries key by key.

A bag is a dict that may decode an attribute when it is first read (`__missing__`). The record is
kept by those who read: compiled expressions note each read in line, with a reference that was made
when they were compiled, because a call of `dict.setdefault` is all that this may cost on the
request path. Other code reads through `Bag.read`.

What is recorded, after istio 1.4 `mixer/pkg/attribute/protoBag.go`:

- An attribute that is absent, or cannot be decoded, is recorded as absent.
- A map that is there is not recorded itself; each key that is looked up in it is. An absent map is
  recorded as an absent attribute.
- A map that is used whole leaves no record.
- Generated attributes (`Bag.generate`) are not recorded: no client can see them.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final, NamedTuple

from mixer.attribute.kept import Kept
from mixer.attribute.value import Value


class Reference(NamedTuple):
    """One thing that was read."""

    name: str
    """The attribute."""
    key: str | None
    """What was looked up in it, when it is a map that is there."""
    is_present: bool
    """Whether there was a value."""


_MAX_SHARED: Final = 1 << 14
_MAX_SHARED_CHARS: Final = 256


_What = tuple[str, str | None]


def _make_references(what: _What) -> tuple[Reference, Reference]:
    return Reference(*what, is_present=False), Reference(*what, is_present=True)


def _is_short(what: _What, _references: object) -> bool:
    return what[1] is None or len(what[1]) <= _MAX_SHARED_CHARS


_SHARED: Final = Kept(_make_references, _MAX_SHARED, _is_short)
"""The references for absence and for presence, by attribute and key."""


def references_to(name: str, key: str | None = None) -> tuple[Reference, Reference]:
    """The references for the absence and for the presence of an attribute, or of a map's key."""
    return _SHARED[name, key]


class StringMap:
    """A map attribute. A reader says what it wants of it: one entry, or all of them."""

    __slots__ = ("name",)

    def __init__(self, name: str | None) -> None:
        self.name = name
        """The attribute; None for a map of which no reads are recorded."""

    def find(self, key: str) -> str | None:
        """The entry of that key, or None."""
        return self.entries.get(key)

    @property
    def entries(self) -> Mapping[str, str]:
        """All entries; not to be changed."""
        raise NotImplementedError


class PlainMap(StringMap):
    """A map attribute that is decoded already."""

    __slots__ = ("_entries",)

    def __init__(self, name: str | None, entries: Mapping[str, str]) -> None:
        self.name = name
        self._entries = entries

    @property
    def entries(self) -> Mapping[str, str]:
        """See `StringMap`."""
        return self._entries


def as_attribute(name: str, value: Value | StringMap | None) -> "Value | StringMap | None":
    """What a bag holds for a value: the value itself, but for plain maps."""
    return PlainMap(name, value) if isinstance(value, Mapping) else value


class Bag(dict[str, "Value | StringMap | None"]):
    """The attributes of one request. `bag[name]` is the value, or None when there is none.

    Map attributes are `StringMap`s. Not for use by several threads at once.
    """

    __slots__ = ("_generated", "_noted", "_read_before", "note")

    def __init__(self) -> None:
        self._generated: frozenset[str] = frozenset()
        self._read_before: frozenset[Reference] = frozenset()
        self._noted: dict[Reference, None] = {}
        self.note: Callable[[Reference], None] = self._noted.setdefault
        """Records a read; gives None."""

    def __missing__(self, name: str) -> "Value | StringMap | None":
        value = self[name] = self._decode(name)
        return value

    def _decode(self, name: str) -> "Value | StringMap | None":
        """The value that the client sent, or None. Called for names that are not in the dict."""
        raise NotImplementedError

    def read(self, name: str) -> "Value | StringMap | None":
        """The value of an attribute, or None; the read is recorded unless it is a map."""
        value = self[name]
        if not isinstance(value, StringMap):
            self.note(_SHARED[name, None][value is not None])
        return value

    def look_up(self, entries: StringMap, key: str) -> str | None:
        """The entry of a map attribute of this bag, or None; the read is recorded."""
        value = entries.find(key)
        if entries.name is not None:
            self.note(_SHARED[entries.name, key][value is not None])
        return value

    @property
    def references(self) -> tuple[Reference, ...]:
        """What has been read so far, in the order of first reading."""
        if not self._generated:
            return tuple(self._noted)
        return tuple(
            noted
            for noted in self._noted
            if noted.name not in self._generated or noted in self._read_before
        )

    def restart(self, references: Iterable[Reference] = ()) -> None:
        """Forgets what has been read, but for `references`; values stay decoded."""
        self._noted = dict.fromkeys(references)
        self.note = self._noted.setdefault

    def generate(self, attributes: Mapping[str, Value]) -> None:
        """Adds attributes that a generator made; those that are there already stay as they are."""
        new = {name: value for name, value in attributes.items() if self[name] is None}
        self._read_before |= {noted for noted in self._noted if noted.name not in self._generated}
        self._generated |= new.keys()
        for name, value in new.items():
            self[name] = as_attribute(name, value)


class MappingBag(Bag):
    """A bag over attributes that are already decoded."""

    __slots__ = ("_attributes",)

    def __init__(self, attributes: Mapping[str, Value]) -> None:
        super().__init__()
        self._attributes = attributes

    def _decode(self, name: str) -> Value | StringMap | None:
        value = self._attributes.get(name)
        return as_attribute(name, value)
