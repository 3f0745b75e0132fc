"""Template `lookup`: attributes about a key, such as the owner of an address.

A generator: what its handler returns becomes attributes, by the instance's `attribute_bindings`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from mixer.adapter import Template, Variety
from mixer.attribute.value import Value


class Instance(NamedTuple):
    """One lookup instance, made for one request."""

    name: str
    """Full name of the instance, such as `x.instance.istio-system`."""
    key: Value | None = None
    """What is looked up: a text, an address, or the text of anything else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """What is known of the key; None is an absent attribute."""

    value: str | None = None
    """`$out.value`: the one thing to know, where one is enough."""
    fields: Mapping[str, str] | None = None
    """`$out.fields`: everything, by name."""


class Handler(Protocol):
    """What a handler of this template has."""

    def generate_lookup(self, instance: Instance) -> Output:
        """Tells what is known of the key."""


TEMPLATE = Template(
    name="lookup",
    variety=Variety.ATTRIBUTE_GENERATOR,
    instance=Instance,
    handler=Handler,
    output=Output,
)
