"""What fields an instance has, read from the annotations of its NamedTuple.

================================  ==================================================
annotation                        what the configuration gives for it
================================  ==================================================
`str`, `int`, `float`, `bool`,    one expression of exactly that type
`Timestamp`, `Duration`, `bytes`
`Value | None`                    one expression of any type
`Mapping[str, Value]`             an expression of any type for each key
another NamedTuple `| None`       the fields of that one
================================  ==================================================
"""

import types
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

from mixer.adapter import RegistrationError
from mixer.attribute.value import Duration, Timestamp, Value, ValueType

SCALARS: Final[dict[object, ValueType]] = {
    str: ValueType.STRING,
    int: ValueType.INT64,
    float: ValueType.DOUBLE,
    bool: ValueType.BOOL,
    Timestamp: ValueType.TIMESTAMP,
    Duration: ValueType.DURATION,
    bytes: ValueType.IP_ADDRESS,
}
"""What annotations of a plain type stand for, in instances and in outputs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of an instance."""

    name: str
    default: object
    """What the field holds when the configuration leaves it out."""
    value_type: ValueType | None = None
    """The type its expression must have; None for any."""
    is_map: bool = False
    """Whether there is an expression for each key of a map."""
    message: type[Any] | None = None
    """The NamedTuple whose fields are configured in its place."""

    @property
    def config_names(self) -> tuple[str, str]:
        """How a configuration may name the field: `source_ip` or `sourceIp`."""
        head, *rest = self.name.split("_")
        return self.name, head + "".join(part.capitalize() for part in rest)

    @property
    def path_name(self) -> str:
        """How errors name the field: `SourceIp`, as the original's do."""
        return "".join(part.capitalize() for part in self.name.split("_"))


def fields_of(instance: type[Any]) -> tuple[Field, ...]:
    """The fields of an instance class: all that have a default, so all but its `name`.

    Raises RegistrationError for an annotation that is not in the table.
    """
    hints = get_type_hints(instance)
    defaults: dict[str, object] = instance._field_defaults
    return tuple(_field(instance, name, hints[name], defaults[name]) for name in defaults)


def _field(owner: type[Any], name: str, hint: object, default: object) -> Field:
    if hint in SCALARS:
        return Field(name=name, default=default, value_type=SCALARS[hint])
    if hint == Value | None:
        return Field(name=name, default=default)
    if get_origin(hint) is Mapping and get_args(hint) == (str, Value):
        return Field(name=name, default=default, is_map=True)
    if get_origin(hint) in (Union, types.UnionType):
        inner = [option for option in get_args(hint) if option is not type(None)]
        if len(inner) == 1 and hasattr(inner[0], "_fields"):
            return Field(name=name, default=default, message=inner[0])
    raise RegistrationError(f"{owner.__module__}.{owner.__name__}.{name}: can't be of type {hint}")
