"""A bag: the attributes of one request, which remembers what was read of them.

A policy decision may be used again for every request that looks the same *to the policy*. So Mixer
tells its clients which attributes it read: present or absent, map entries key by key. A bag gets
this for nothing: it is a dict that starts empty, and `__missing__` decodes an attribute when it is
first read. What is in the dict is what has been read; a second read is a plain dict look-up.

The rules, after istio 1.4 `mixer/pkg/attribute/protoBag.go`:

- An attribute that is absent, or cannot be decoded, reads as None and is recorded as absent.
- A map that is present is not recorded itself; each key that is looked up in it is. An absent map
  is recorded as an absent attribute.
- A map that is used whole (`StringMap.entries`) leaves no record.
- Generated attributes (`Bag.generate`) are not recorded: no client can see them.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from mixer.attribute.value import Value


class Reference(NamedTuple):
    """One thing that was read. Most are shared, so that sets of them are quick to compare."""

    name: str
    """The attribute."""
    key: str | None
    """What was looked up in it, when it is a map that is there."""
    is_present: bool
    """Whether there was a value."""


_MAX_SHARED: Final = 1 << 14


class _SharedReferences(dict[tuple[str, str | None], tuple[Reference, Reference]]):
    """The references for absence and for presence, by attribute and key; made once."""

    def __missing__(self, what: tuple[str, str | None]) -> tuple[Reference, Reference]:
        if len(self) >= _MAX_SHARED:  # keys can come with requests
            self.clear()
        pair = self[what] = (Reference(*what, False), Reference(*what, True))
        return pair


_SHARED: Final = _SharedReferences()


class StringMap(dict[str, str | None]):
    """A map attribute. `m[key]` is the entry or None, and is recorded at the first look-up."""

    __slots__ = ("_name", "_references", "entries")

    def __init__(self, name: str, entries: Mapping[str, str], references: list[Reference]) -> None:
        self._name = name
        self._references = references
        self.entries: Mapping[str, str] = entries
        """The whole map. Reading it records nothing; it must not be changed."""

    def __missing__(self, key: str) -> str | None:
        value = self[key] = self.entries.get(key)
        self._references.append(_SHARED[self._name, key][value is not None])
        return value


class Bag(dict[str, "Value | StringMap | None"]):
    """The attributes of one request. `bag[name]` is the value, or None when there is none.

    Not for use by several threads at once.
    """

    __slots__ = ("_generated", "references")

    def __init__(self) -> None:
        self.references: list[Reference] = []
        """What has been read so far, in the order of first reading."""
        self._generated: dict[str, Value] | None = None

    def _decode(self, name: str) -> Value | None:
        """The value that the client sent, or None; a map is a dict. Called once for each name."""
        raise NotImplementedError

    def __missing__(self, name: str) -> "Value | StringMap | None":
        value = self._decode(name)
        if value.__class__ is dict:
            found = self[name] = StringMap(name, value, self.references)  # type: ignore[arg-type]
            return found
        self[name] = value
        self.references.append(_SHARED[name, None][value is not None])
        return value

    def generate(self, attributes: Mapping[str, Value]) -> None:
        """Adds attributes that a generator made; those that the client sent stay as they are."""
        generated = self._generated = self._generated or {}
        for name, value in attributes.items():
            if name not in generated and self._decode(name) is None:
                generated[name] = value
                self._put_generated(name, value)

    def _put_generated(self, name: str, value: Value) -> None:
        self[name] = StringMap(name, value, []) if isinstance(value, Mapping) else value

    def fork(self, reference_count: int) -> "Bag":
        """A bag of the same attributes that remembers only the first `reference_count` reads."""
        child = _Fork(self)
        if self._generated:
            for name, value in self._generated.items():
                child._put_generated(name, value)  # noqa: SLF001
        child.references = self.references[:reference_count]
        for name, key, _ in child.references:
            if key is None:
                child[name] = self[name]
            else:
                child._put_entry(name, key)  # noqa: SLF001
        return child


class _Fork(Bag):
    """A bag over what another one holds."""

    __slots__ = ("_parent",)

    def __init__(self, parent: Bag) -> None:
        super().__init__()
        self._parent = parent

    def _decode(self, name: str) -> Value | None:
        value = dict.get(self._parent, name, _UNREAD)
        if value is _UNREAD:
            return self._parent._decode(name)  # noqa: SLF001
        if value.__class__ is StringMap:
            return value.entries  # type: ignore[union-attr]
        return value  # type: ignore[return-value]

    def _put_entry(self, name: str, key: str) -> None:
        """Makes an entry of a map one that has been read already."""
        entries = self._decode(name)
        assert isinstance(entries, Mapping)
        found = self.setdefault(name, StringMap(name, entries, self.references))
        assert isinstance(found, StringMap)
        found[key] = entries.get(key)


_UNREAD: Final = object()


class MappingBag(Bag):
    """A bag over attributes that are already decoded; a map attribute must be a `dict`."""

    __slots__ = ("_attributes",)

    def __init__(self, attributes: Mapping[str, Value]) -> None:
        super().__init__()
        self._attributes = attributes

    def _decode(self, name: str) -> Value | None:
        return self._attributes.get(name)
