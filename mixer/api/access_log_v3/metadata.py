"""Attributes that filters left in the metadata of a request: verdicts of Mixer and of RBAC."""

from collections.abc import Callable
from typing import Any, Final

from envoy.config.core.v3.base_pb2 import Metadata

from mixer.api.mapping import Mapped, Reader, row
from mixer.api.metadata import scalar_text
from mixer.attribute.value import Value, ValueType
from mixer.status import Code

_PATH: Final = "common_properties.metadata"
_AUTHORIZERS: Final = ("envoy.filters.http.ext_authz", "envoy.filters.network.ext_authz")
_RBAC: Final = ("envoy.filters.http.rbac", "envoy.filters.network.rbac")


def _entry(metadata: Metadata, namespace: str, key: str) -> str | None:
    struct = metadata.filter_metadata.get(namespace)
    value = None if struct is None else struct.fields.get(key)
    return None if value is None else scalar_text(value)


def _denial(metadata: Metadata) -> tuple[Code, str] | None:
    """The verdict of this Mixer's Check if it denied; the filter brings it back."""
    for namespace in _AUTHORIZERS:
        code = Code.__members__.get(_entry(metadata, namespace, "code") or "", Code.OK)
        if code is not Code.OK:
            return code, _entry(metadata, namespace, "reason") or ""
    return None


def _error_code(metadata: Metadata) -> int | None:
    denial = _denial(metadata)
    return None if denial is None else denial[0].value


def _error_message(metadata: Metadata) -> str | None:
    """`CODE_NAME:reason`, as Istio's filter wrote it."""
    denial = _denial(metadata)
    return None if denial is None else ":".join(filter(None, (denial[0].name, denial[1])))


def _of_check(
    keys: str, attribute: str, value_type: ValueType, convert: Callable[[Metadata], Value | None]
) -> Mapped:
    read = row(_PATH, attribute, value_type, convert).read
    path = f'{_PATH}.filter_metadata["{_AUTHORIZERS[0]}"].{keys}'
    return Mapped(path=path, attribute=attribute, value_type=value_type, read=read)


def _of_rbac(namespace: str, key: str, attribute: str) -> Mapped:
    def convert(metadata: Any) -> str | None:
        return _entry(metadata, namespace, key) or None

    read: Reader = row(_PATH, attribute, ValueType.STRING, convert).read
    path = f'{_PATH}.filter_metadata["{namespace}"].{key}'
    return Mapped(path=path, attribute=attribute, value_type=ValueType.STRING, read=read)


METADATA_ROWS: Final[tuple[Mapped, ...]] = (
    _of_check("code", "check.error_code", ValueType.INT64, _error_code),
    _of_check("code + .reason", "check.error_message", ValueType.STRING, _error_message),
    *(
        _of_rbac(namespace, key, f"rbac.permissive.{name}")
        for name, key in (
            ("response_code", "shadow_engine_result"),
            ("effective_policy_id", "shadow_effective_policy_id"),
        )
        for namespace in _RBAC
    ),
)
