"""Envoy's filter metadata as a map of strings: what each filter said of a request.

A key is the way to a value, joined with `/`: `envoy.filters.http.ext_authz/reason`. Namespaces and
keys that hold a `/` themselves stay as they are; of two ways that read alike, one wins.
"""

from collections.abc import Iterator
from typing import Final

from envoy.config.core.v3.base_pb2 import Metadata
from google.protobuf.struct_pb2 import Struct, Value

from mixer.attribute.value import double_text

_MAX_DEPTH: Final = 16
"""What lies deeper is left out; a parser takes some thirty structs in one another."""


def flatten(metadata: Metadata) -> dict[str, str] | None:
    """All scalars of the metadata by their ways, which begin with a namespace; None for none.

    Strings stand as they are, numbers without an exponent and without a trailing `.0`, bools as
    `true` and `false`, the scalars of a list joined with `,`. Left out are nulls, lists and structs
    inside of lists, and metadata that is no struct (`typed_filter_metadata`).
    """
    entries: dict[str, str] = {}
    for namespace, struct in metadata.filter_metadata.items():
        entries.update(_scalars(f"{namespace}/", struct, _MAX_DEPTH))
    return entries or None


def flatten_struct(struct: Struct) -> dict[str, str] | None:
    """The scalars of one struct, as `flatten` has them, by ways that begin with its keys."""
    return dict(_scalars("", struct, _MAX_DEPTH)) or None


def scalar_text(value: Value) -> str | None:
    """The text of a string, number or bool; None for anything else."""
    match value.WhichOneof("kind"):
        case "string_value":
            return value.string_value
        case "number_value":
            return double_text(value.number_value)
        case "bool_value":
            return "true" if value.bool_value else "false"
    return None


def _scalars(prefix: str, struct: Struct, depth: int) -> Iterator[tuple[str, str]]:
    if not depth:
        return
    for key, value in struct.fields.items():
        way = prefix + key
        match value.WhichOneof("kind"):
            case "struct_value":
                yield from _scalars(f"{way}/", value.struct_value, depth - 1)
            case "list_value":
                texts = map(scalar_text, value.list_value.values)
                yield way, ",".join(text for text in texts if text is not None)
            case _:
                text = scalar_text(value)
                if text is not None:
                    yield way, text
