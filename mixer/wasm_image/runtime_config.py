"""The layer that says what runs a module."""

from dataclasses import dataclass
from typing import Final

from mixer.wasm_image.document import decode, encode, texts

ENVOY: Final = "envoy_proxy"
"""The type of runtime that filters are for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuntimeConfig:
    """What runs a module, and how; fields that a document lacks are empty."""

    type: str = ENVOY
    abi_versions: tuple[str, ...] = ()
    """Such as `v0.2.1`."""
    root_ids: tuple[str, ...] = ()
    """Names that Envoy may be given for the filter's root context; empty where any will do."""

    def encoded(self) -> bytes:
        """As it stands in a layer."""
        return encode(
            {
                "type": self.type,
                "abiVersions": self.abi_versions,
                "config": {"root_ids": self.root_ids},
            }
        )


def decode_runtime_config(content: bytes) -> RuntimeConfig:
    """Raises ImageError if it is no JSON object.

    The specification's text has `abiVersions`, its example `abi_version`: both are understood.
    """
    value = decode(content, "the runtime configuration")
    runtime, single, config = value.get("type"), value.get("abi_version"), value.get("config")
    return RuntimeConfig(
        type=runtime if isinstance(runtime, str) else "",
        abi_versions=texts(value.get("abiVersions")) or texts([single]),
        root_ids=texts(config.get("root_ids")) if isinstance(config, dict) else (),
    )
