"""What a dataclass of a configuration holds, told field by field.

The text of a field is the string that stands below it in the source.
"""

import ast
import inspect
import textwrap
import types
from collections.abc import Iterator, Mapping
from dataclasses import Field, dataclass, fields, is_dataclass
from enum import Enum
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

from mixer.attribute.value import Duration

_SCALARS: Final[Mapping[object, str]] = {
    str: "string",
    int: "integer",
    float: "number",
    bool: "boolean",
    Duration: "duration",
    Any: "value",
}
_MAX_MEMBERS: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One field of a configuration."""

    path: str
    """From the outermost object: `quotas[].maxAmount`."""
    type: str
    default: str
    text: str


def rows_of(cls: type[Any], default: object | None = None, prefix: str = "") -> Iterator[Row]:
    """All fields of a dataclass, each followed by the fields of what it holds."""
    texts, hints = _texts(cls), get_type_hints(cls)
    default = cls() if default is None else default
    for field in fields(cls):
        path = prefix + _config_name(field)
        name, inner, steps = _type_of(hints[field.name])
        value = getattr(default, field.name)
        if hints[field.name] is int:
            value = int(value)  # members of an enum have names only where the enum is the type
        text = texts.get(field.name, "")
        yield Row(
            path=path,
            type=name,
            default="" if is_dataclass(value) else value_text(value),
            text=text or (_first_line(inner) if inner else ""),
        )
        if inner is not None:
            below = value if isinstance(value, inner) else None
            yield from rows_of(inner, below, f"{path}{steps}.")


def value_text(value: object) -> str:
    """A default as YAML could say it."""
    match value:
        case None:
            return "none"
        case bool():
            return str(value).lower()
        case Enum():
            return value.name
        case str():
            return value or '""'
        case tuple():
            return f"[{', '.join(map(value_text, value))}]"
        case Mapping():
            entries = [f"{key}: {value_text(item)}" for key, item in value.items()]
            return f"{{{', '.join(entries)}}}"
    return str(value)


def _config_name(field: Field[Any]) -> str:
    head, *tail = field.name.split("_")
    return str(field.metadata.get("name", head + "".join(map(str.capitalize, tail))))


def _type_of(hint: Any) -> tuple[str, type[Any] | None, str]:
    """The name of a type, the dataclass that it holds, and the step from the one to the other."""
    arguments = get_args(hint)
    if hint in _SCALARS:
        return _SCALARS[hint], None, ""
    if get_origin(hint) in (Union, types.UnionType):
        return _type_of(next(option for option in arguments if option is not type(None)))
    if get_origin(hint) is tuple:
        name, inner, steps = _type_of(arguments[0])
        return f"list of {_plural(name)}", inner, f"[]{steps}"
    if get_origin(hint) is Mapping:
        name, inner, steps = _type_of(arguments[1])
        return f"map of {_plural(name)}", inner, f".*{steps}"
    if issubclass(hint, Enum):
        return _enum_name(hint), None, ""
    return "object", hint, ""


def _enum_name(enum: type[Enum]) -> str:
    if len(enum) > _MAX_MEMBERS:
        return f"name or number of {enum.__name__}"
    return f"one of {', '.join(member.name for member in enum)}"


def _plural(name: str) -> str:
    head, of, tail = name.partition(" of ")
    if of and head in {"list", "map"}:
        return f"{head}s{of}{tail}"
    return f"{name}s" if name in {*_SCALARS.values(), "object"} else name


def _texts(cls: type[Any]) -> Mapping[str, str]:
    [body] = ast.parse(textwrap.dedent(inspect.getsource(cls))).body
    assert isinstance(body, ast.ClassDef)
    texts: dict[str, str] = {}
    for statement, below in zip(body.body, body.body[1:], strict=False):
        match statement, below:
            case (
                ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str(text))),
            ):
                texts[name] = " ".join(text.split())
    return texts


def _first_line(cls: type[Any]) -> str:
    return (inspect.getdoc(cls) or "").partition("\n")[0]
