"""Adapter `lookup`: attributes out of a table in the configuration, by key.

The smallest attribute generator: with `key: source.uid` and a table of owners, rules can ask for
the owner of a request's source as for any other attribute.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mixer.adapter import Env, Info
from mixer.template import lookup


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """A table of what is known."""

    table: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """For each key, its fields by name."""
    value_field: str = "value"
    """Which field becomes `$out.value`; absent for a key that lacks it."""
    default: Mapping[str, str] | None = None
    """The fields of a key that is not in the table; None leaves all attributes absent."""


class Handler:
    """Answers from outputs that are made once."""

    def __init__(self, params: Params) -> None:
        self._outputs = {
            key: _output(fields, params.value_field) for key, fields in params.table.items()
        }
        self._default = (
            lookup.Output()
            if params.default is None
            else _output(params.default, params.value_field)
        )

    def generate_lookup(self, instance: lookup.Instance) -> lookup.Output:
        """What the table holds for the key."""
        return self._outputs.get(instance.key, self._default)


def _output(fields: Mapping[str, str], value_field: str) -> lookup.Output:
    return lookup.Output(value=fields.get(value_field), fields=dict(fields))


def _build(params: Params, _env: Env) -> Handler:
    return Handler(params)


INFO = Info(
    name="lookup",
    description="Generates attributes from a table of keys in the configuration.",
    templates=(lookup.TEMPLATE,),
    params=Params,
    build=_build,
)
