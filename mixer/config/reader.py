"""From annotations to readers: functions that turn plain data into values of that type."""

import types
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, Final, NamedTuple, Union, get_args, get_origin

from mixer.attribute.value import Duration
from mixer.config.resource import Path
from mixer.config.scalar import describe, to_bool, to_duration, to_float, to_int, to_member, to_text


class Problem(NamedTuple):
    """One thing that is wrong with data."""

    path: Path
    """From the root of the data; keys are as the data has them."""
    message: str


NOTHING: Final = object()
"""What a reader returns for data that it could make nothing of."""

Reader = Callable[[Any, Path, Any, list[Problem]], Any]
"""(data, its path, the default it replaces or None, where to add problems) → value or NOTHING.

It has failed if there are more problems afterwards; its value is then what it could read.
"""

_SCALARS: Final[Mapping[Any, Callable[[Any], Any]]] = {
    str: to_text,
    bool: to_bool,
    int: to_int,
    float: to_float,
    Duration: to_duration,
    Any: lambda data: data,
}


def reader_for(annotation: Any, message: Callable[[type[Any]], Reader]) -> Reader:
    """The reader for an annotation; `message` makes those for classes that are no scalars.

    Raises TypeError for an annotation that no configuration can have.
    """
    if annotation in _SCALARS:
        return _scalar(_SCALARS[annotation])
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return _scalar(to_member(annotation))
    match get_origin(annotation), get_args(annotation):
        case builtin, (item, more) if builtin is tuple and more is Ellipsis:
            return _list(reader_for(item, message))
        case abstract, (key, item) if abstract is Mapping and key is str:
            return _map(reader_for(item, message))
        case union, (_, _) as both if union in (Union, types.UnionType) and type(None) in both:
            (item,) = (part for part in both if part is not type(None))
            return _optional(reader_for(item, message))
        case None, _:
            return message(annotation)
    raise TypeError(f"{annotation} is not supported; lists are tuple[T, ...], maps Mapping[str, T]")


def _scalar(convert: Callable[[Any], Any]) -> Reader:
    def read(data: Any, path: Path, _default: Any, problems: list[Problem]) -> Any:
        try:
            return convert(data)
        except ValueError as error:
            problems.append(Problem(path, str(error)))
            return NOTHING

    return read


def _list(item: Reader) -> Reader:
    def read(data: Any, path: Path, _default: Any, problems: list[Problem]) -> Any:
        if not isinstance(data, list):
            problems.append(Problem(path, f"want a list, got {describe(data)}"))
            return NOTHING
        return tuple(value for _, value in _read_items(item, enumerate(data), path, problems))

    return read


def _map(item: Reader) -> Reader:
    def read(data: Any, path: Path, default: Any, problems: list[Problem]) -> Any:
        if not isinstance(data, dict):
            problems.append(Problem(path, f"want an object, got {describe(data)}"))
            return NOTHING
        return {**(default or {}), **dict(_read_items(item, data.items(), path, problems))}

    return read


def _read_items(item: Reader, data: Any, path: Path, problems: list[Problem]) -> list[Any]:
    """Pairs of index or key and value, up to the first that fails; all are looked at."""
    good: list[Any] = []
    known = len(problems)
    for step, element in data:
        stopped = len(problems) > known
        value = item(element, (*path, step), None, problems)
        if value is not NOTHING and not stopped:
            good.append((step, value))
    return good


def _optional(item: Reader) -> Reader:
    def read(data: Any, path: Path, default: Any, problems: list[Problem]) -> Any:
        return None if data is None else item(data, path, default, problems)

    return read
