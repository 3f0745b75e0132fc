"""Names of metrics that are made of dimensions."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from mixer.adapter import Value, stringify

_DIMENSION: Final = re.compile(r"\{\{\s*\.([A-Za-z_][A-Za-z0-9_]*)\s*\}\}")
_MISREAD: Final = re.compile(r"[:|@#\s]")
"""What a server takes for something other than a part of a name."""
_MISREAD_IN_TAG: Final = re.compile(r"[|,#\s]")

Name = Callable[[Mapping[str, Value]], str]
"""Makes the name of a metric of the dimensions of a sample."""


def dimensions_of(template: str) -> list[str]:
    """The dimensions that a template names, in their order.

    Raises ValueError for a template with anything else in braces.
    """
    rest = _DIMENSION.sub("", template)
    if "{{" in rest or "}}" in rest:
        raise ValueError(f"only {{{{.dimension}}}} may stand in braces: {template!r}")
    return _DIMENSION.findall(template)


def name_of(template: str, prefix: str) -> Name:
    """What makes names by a valid template; what a server would misread becomes `_`."""
    full = f"{prefix.removesuffix('.')}.{template}" if prefix else template
    text, *rest = _DIMENSION.split(full)
    pairs = list(zip(rest[::2], rest[1::2], strict=True))

    def name(dimensions: Mapping[str, Value]) -> str:
        parts = [stringify(dimensions[dimension]) + after for dimension, after in pairs]
        return clean("".join((text, *parts)))

    return name


def clean(name: str) -> str:
    """The name without what a server would misread."""
    return _MISREAD.sub("_", name)


def tags_of(dimensions: Mapping[str, Value]) -> str:
    """`|#code:200,method:GET`, in order; nothing without dimensions."""
    tags = (
        f"{clean(name)}:{_MISREAD_IN_TAG.sub('_', stringify(dimensions[name]))}"
        for name in sorted(dimensions)
    )
    text = ",".join(tags)
    return f"|#{text}" if text else ""
