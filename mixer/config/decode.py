"""Plain data → frozen dataclasses, by the rules of JSON protobuf.

A class says with its annotations what it takes:

===========================  ==================================================================
`str` `bool` `int` `float`   see `mixer.config.scalar`
`Duration`, an enum
another dataclass            an object; its fields are merged over the default of the field
`tuple[T, ...]`              a list, in place of the default
`Mapping[str, T]`            an object; its entries are added to the default's
`T | None`                   as `T`
`Any`                        plain data, as it is
===========================  ==================================================================

A field is called in the data as in the class or in lowerCamelCase, unless it says otherwise with
`field(metadata={"name": "@type"})`. null means absent. Unknown keys are errors. A field without a
default must be given.

All errors are collected. The value that is returned beside them is what the original goes on with
("as far as decoding got"; istio 1.4 `mixer/pkg/runtime/config/ephemeral.go` with gogo `jsonpb`):
fields are decoded in the order of the class; the first that fails keeps what could be read of it,
later ones keep their defaults; unknown keys are only noticed after all known ones, so that a stray
key at the top changes nothing, but one in a nested object stops the later fields around it. Two
details differ: a list ends at its failing item (the original fills it up with zeros), and the
entries of an object are read in their order (the original's is random).
"""

import functools
from collections.abc import Callable, Iterator
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass, replace
from typing import Any, Final, Generic, TypeVar, get_type_hints

from mixer.config.reader import NOTHING, Problem, Reader, reader_for
from mixer.config.resource import Path
from mixer.config.scalar import describe
from mixer.suggestion import did_you_mean

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded(Generic[T]):
    """What became of some data."""

    value: T
    """With errors: what the original would go on with."""
    errors: tuple[Problem, ...]


def decode(cls: type[T], data: Any) -> Decoded[T]:
    """Reads plain data as a dataclass that can be made without arguments; None is all defaults.

    Raises TypeError where the class itself is at fault: it is no dataclass, it has a field without
    a default, or it or a class that it holds has an annotation that is not supported.
    """
    _check(cls)
    problems: list[Problem] = []
    default = cls()
    value = _read_object(cls, {} if data is None else data, (), default, problems)
    return Decoded(value=default if value is NOTHING else value, errors=tuple(problems))


@dataclass(frozen=True, slots=True)
class _Field:
    """One field of a class, ready to be read."""

    attribute: str
    keys: tuple[str, ...]
    """What it may be called in the data."""
    reader: Reader
    default: Callable[[], Any] | None
    """None for a field that must be given."""

    def read(self, data: dict[str, Any], path: Path, outer: Any, problems: list[Problem]) -> Any:
        """Reads the field from the data of its object; `outer` is the object's default or None."""
        given = [key for key in self.keys if data.get(key) is not None]
        if not given:
            if self.default is None and outer is None:
                problems.append(Problem((*path, self.keys[0]), "is missing"))
            return NOTHING
        if len(given) > 1:
            problems.append(Problem((*path, given[1]), f"is given twice, also as {given[0]}"))
        return self.reader(data[given[0]], (*path, given[0]), self._default_in(outer), problems)

    def _default_in(self, outer: Any) -> Any:
        if outer is not None:
            return getattr(outer, self.attribute)
        return self.default() if self.default else None


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is known of a class, worked out once."""

    fields: tuple[_Field, ...]
    keys: frozenset[str]
    nested: tuple[type[Any], ...]
    """The dataclasses that it holds."""


_plans: Final[dict[type[Any], _Plan]] = {}


def _plan(cls: type[Any]) -> _Plan:
    plan = _plans.get(cls)
    if plan is None:
        plan = _plans[cls] = _make_plan(cls)
    return plan


def _make_plan(cls: type[Any]) -> _Plan:
    if not (isinstance(cls, type) and is_dataclass(cls)):
        raise TypeError(f"{cls} is no dataclass, nor anything else that can be read")
    nested: list[type[Any]] = []

    def message(inner: type[Any]) -> Reader:
        nested.append(inner)
        return functools.partial(_read_object, inner)

    try:
        hints = get_type_hints(cls)
    except NameError as error:
        raise TypeError(f"{cls.__qualname__}: {error}") from error
    found = tuple(_field(cls, each, hints[each.name], message) for each in _configured(cls))
    keys = frozenset(key for each in found for key in each.keys)
    return _Plan(found, keys, tuple(nested))


def _configured(cls: type[Any]) -> Iterator[Field[Any]]:
    return (each for each in fields(cls) if each.init)


def _field(
    cls: type[Any], each: Field[Any], hint: Any, message: Callable[[type[Any]], Reader]
) -> _Field:
    name = each.metadata.get("name")
    keys = (name,) if name else tuple(dict.fromkeys((each.name, _camel(each.name))))
    default: Callable[[], Any] | None = None
    if each.default_factory is not MISSING:
        default = each.default_factory
    elif each.default is not MISSING:
        default = functools.partial(getattr, each, "default")
    try:
        return _Field(each.name, keys, reader_for(hint, message), default)
    except TypeError as error:
        raise TypeError(f"{cls.__qualname__}.{each.name}: {error}") from error


def _camel(name: str) -> str:
    head, *tail = name.split("_")
    return head + "".join(word.capitalize() for word in tail)


def _check(cls: type[Any]) -> None:
    """Works out the plans of a class and of all that it holds, to meet their faults at once."""
    seen: set[type[Any]] = set()
    pending = [cls]
    while pending:
        inner = pending.pop()
        if inner not in seen:
            seen.add(inner)
            pending += _plan(inner).nested


def _read_object(
    cls: type[Any], data: Any, path: Path, default: Any, problems: list[Problem]
) -> Any:
    if not isinstance(data, dict):
        problems.append(Problem(path, f"want an object, got {describe(data)}"))
        return NOTHING
    plan = _plan(cls)
    values: dict[str, Any] = {}
    known = len(problems)
    for each in plan.fields:
        stopped = len(problems) > known
        value = each.read(data, path, default, problems)
        if value is not NOTHING and not stopped:
            values[each.attribute] = value
    problems += _unknown(data, plan, path)
    try:
        return _make(cls, values, default)
    except ValueError as error:  # the class checks its own fields
        problems.append(Problem(path, str(error)))
        return NOTHING


def _unknown(data: dict[str, Any], plan: _Plan, path: Path) -> Iterator[Problem]:
    for key in data:
        if key not in plan.keys:
            hint = did_you_mean(key, plan.keys)
            yield Problem((*path, key), f'unknown field "{key}"{hint}')


def _make(cls: type[Any], values: dict[str, Any], default: Any) -> Any:
    if default is not None:
        return replace(default, **values)
    needed = (each.attribute for each in _plan(cls).fields if each.default is None)
    return cls(**values) if all(name in values for name in needed) else NOTHING
