"""JSON to dataclasses and back, strictly: all fields without defaults are there, and no others."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Final, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")
_hints: Final[Callable[[Any], Mapping[str, Any]]] = cache(get_type_hints)
"""The types of a class's fields; worked out once, a run has thousands of files."""


class FieldError(ValueError):
    """A value does not fit its field; the text begins with the field's path."""


def read_fields(kind: type[T], value: object, path: str = "") -> T:
    """A `kind`, which is a dataclass, from a parsed JSON document.

    `path` is what stands before the names of fields in errors. Raises FieldError.
    """
    if not isinstance(value, dict):
        raise FieldError(f"{path or 'document'}: not an object")
    hints = _hints(kind)
    needed = {f.name for f in fields(kind) if f.default is MISSING}  # type: ignore[arg-type]
    for name in [*(needed - value.keys()), *(value.keys() - hints.keys())]:
        raise FieldError(f"{_join(path, name)}: {'missing' if name in hints else 'unknown'}")
    return kind(
        **{name: _read(hints[name], given, _join(path, name)) for name, given in value.items()}
    )


def to_document(value: Any) -> Any:
    """What JSON can hold of a dataclass, of mappings, of tuples and of paths."""
    if is_dataclass(value):
        return {f.name: to_document(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): to_document(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [to_document(item) for item in value]
    return str(value) if isinstance(value, Path) else value


def _read(kind: Any, value: object, path: str) -> Any:
    if isinstance(kind, UnionType):
        return _read_optional(kind, value, path)
    if get_origin(kind) is Mapping:
        return _read_mapping(kind, value, path)
    if get_origin(kind) is tuple:
        return _read_tuple(kind, value, path)
    if is_dataclass(kind):
        return read_fields(kind, value, path)  # type: ignore[arg-type]
    if kind is float and type(value) is int:
        return float(value)
    if kind is Path and type(value) is str:
        return Path(value)
    if type(value) is not kind:
        raise FieldError(f"{path}: {value!r} is no {kind.__name__}")
    return value


def _read_optional(kind: UnionType, value: object, path: str) -> Any:
    if value is None:
        return None
    (inner,) = (option for option in get_args(kind) if option is not NoneType)
    return _read(inner, value, path)


def _read_mapping(kind: Any, value: object, path: str) -> Mapping[Any, Any]:
    if not isinstance(value, dict):
        raise FieldError(f"{path}: not an object")
    key_kind, item_kind = get_args(kind)
    return {
        _read_key(key_kind, key, path): _read(item_kind, item, _join(path, key))
        for key, item in value.items()
    }


def _read_key(kind: Any, key: str, path: str) -> Any:
    try:
        return kind(key)
    except ValueError as error:
        raise FieldError(f"{_join(path, key)}: {key!r} is no {kind.__name__}") from error


def _read_tuple(kind: Any, value: object, path: str) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise FieldError(f"{path}: not an array")
    kinds = get_args(kind)
    if kinds[-1] is ...:
        kinds = (kinds[0],) * len(value)
    if len(value) != len(kinds):
        raise FieldError(f"{path}: {len(value)} values, not {len(kinds)}")
    return tuple(
        _read(inner, item, f"{path}[{index}]")
        for index, (inner, item) in enumerate(zip(kinds, value, strict=True))
    )


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
