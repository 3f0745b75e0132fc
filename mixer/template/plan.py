"""From the params of an instance to a checked plan of how to make it.

Every param of an instance is the text of an expression; an empty text leaves the field as it is.
A plan holds the parsed, type-checked expressions, field by field (istio 1.4
`mixer/template/template.gen.go`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mixer.adapter import InstanceType, Template
from mixer.attribute.value import ValueType
from mixer.attribute.vocabulary import Vocabulary
from mixer.errors import ExpressionError
from mixer.expr import Node, parse_checked
from mixer.suggestion import did_you_mean
from mixer.template.fields import Field, fields_of

Path = tuple[str | int, ...]
"""Where in the params something is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scalar:
    """A field, or one entry of a map field, that an expression fills."""

    path: str
    """How errors name it: `Dimensions[source]`."""
    node: Node
    type: ValueType
    must_convert: bool
    """Whether the field accepts values of exactly this type, not any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entries:
    """A map field, with an expression for each key."""

    scalars: Mapping[str, Scalar]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A field that has fields of its own."""

    kind: type[Any]
    parts: tuple["Part", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unset:
    """A field that the configuration leaves out."""

    default: object


Part = Scalar | Entries | Message | Unset


@dataclass(frozen=True, slots=True, kw_only=True)
class InstancePlan:
    """How to make one instance."""

    name: str
    """Full name: `x.instance.istio-system`."""
    template: Template
    parts: tuple[Part, ...]
    """One for each field of the template, in order."""
    type: InstanceType

    @property
    def short_name(self) -> str:
        """What quota requests call it: the text before the first dot."""
        return self.name.partition(".")[0]

    def scalars(self) -> Iterator[Scalar]:
        """All expressions, in the order of evaluation."""
        yield from _scalars(self.parts)


def _scalars(parts: tuple[Part, ...]) -> Iterator[Scalar]:
    for part in parts:
        match part:
            case Scalar():
                yield part
            case Entries():
                yield from part.scalars.values()
            case Message():
                yield from _scalars(part.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A plan, or what is wrong with the params."""

    plan: InstancePlan | None
    errors: tuple[tuple[Path, str], ...]


def plan_instance(
    name: str, template: Template, params: Mapping[str, Any], vocabulary: Vocabulary
) -> Planned:
    """Checks the params of the instance `name`; all errors are collected."""
    planner = _Planner(vocabulary)
    parts = planner.message(template.instance, params, (), "")
    if planner.errors:
        return Planned(plan=None, errors=tuple(planner.errors))
    fields = {
        field.name: _part_type(part)
        for field, part in zip(fields_of(template.instance), parts, strict=True)
    }
    plan = InstancePlan(
        name=name,
        template=template,
        parts=parts,
        type=InstanceType(
            template=template.name,
            fields={field: kind for field, kind in fields.items() if kind is not None},
        ),
    )
    return Planned(plan=plan, errors=())


def _part_type(part: Part) -> ValueType | Mapping[str, ValueType] | None:
    match part:
        case Scalar():
            return part.type
        case Entries():
            return {key: scalar.type for key, scalar in part.scalars.items()}
    return None


class _Planner:
    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self.errors: list[tuple[Path, str]] = []

    def message(
        self, kind: type[Any], params: Mapping[str, Any], path: Path, prefix: str
    ) -> tuple[Part, ...]:
        fields = fields_of(kind)
        known = {name: field for field in fields for name in field.config_names}
        given: dict[str, tuple[Path, Any]] = {}
        for name, value in params.items():
            if name in known:
                given[known[name].name] = ((*path, name), value)
            else:
                hint = did_you_mean(str(name), known)
                self.errors.append(((*path, str(name)), f'unknown field "{name}"{hint}'))
        return tuple(self._part(field, prefix, given.get(field.name)) for field in fields)

    def _part(self, field: Field, prefix: str, given: tuple[Path, Any] | None) -> Part:
        unset = Unset(default=field.default)
        if given is None:
            return unset
        path, value = given
        where = prefix + field.path_name
        if field.message is None and not field.is_map:
            return self._scalar(value, field.value_type, path, where) or unset
        if not isinstance(value, Mapping):
            self.errors.append((path, f"must be a mapping, not {type(value).__name__}"))
            return unset
        if field.message is not None:
            parts = self.message(field.message, value, path, where + ".")
            return Message(kind=field.message, parts=parts)
        scalars = {
            str(key): self._scalar(text, None, (*path, str(key)), f"{where}[{key}]")
            for key, text in value.items()
        }
        return Entries(scalars={key: scalar for key, scalar in scalars.items() if scalar})

    def _scalar(
        self, text: object, wanted: ValueType | None, path: Path, where: str
    ) -> Scalar | None:
        if text == "":
            return None
        if not isinstance(text, str):
            hint = "an expression is a string; put it in quotes"
            self.errors.append((path, f"{text!r} is no expression: {hint}"))
            return None
        try:
            node, kind = parse_checked(text, self._vocabulary)
        except ExpressionError as error:
            self.errors.append((path, str(error)))
            return None
        if wanted is not None and kind is not wanted:
            message = f"expression '{text}' is of type {kind.name}, expected {wanted.name}"
            self.errors.append((path, message))
            return None
        return Scalar(path=where, node=node, type=kind, must_convert=wanted is not None)
